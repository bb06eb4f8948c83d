import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { errorPayload, type InvokeMessage, type ThreadData, type ThreadMessage } from './messages.ts';

/** The answer to an invocation. `functionError` is set when the function failed; `payload` then describes the error. */
export interface InvocationResult {
  readonly requestId: string;
  readonly payload: string;
  readonly functionError?: 'Unhandled';
}

export interface InstanceOptions {
  threadData: ThreadData;
  environment: Record<string, string>;
  memorySizeMb: number;
  onLog: (line: string) => void;
}

/** As on Lambda, loading the code has this time of its own; the timeout of the first invocation starts after it. */
const initTimeoutMs = 10_000;

/** Keeps the memory of a dozen threads below a gigabyte; the default is three times as much. */
const maxYoungGenerationSizeMb = 16;

/** One execution environment: a thread that handles one invocation at a time. */
export class Instance {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #isReady = false;
  #isAlive = true;
  #failure = 'Runtime exited without providing a reason';
  #settle: ((message: ThreadMessage | { kind: 'exit' }) => void) | undefined;

  constructor({ threadData, environment, memorySizeMb, onLog }: InstanceOptions) {
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: threadData,
      env: environment,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memorySizeMb, maxYoungGenerationSizeMb },
      stdout: true,
      stderr: true,
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) readLines(stream, onLog);
    this.#worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'ready') this.#isReady = true;
      this.#settle?.(message);
    });
    this.#worker.on('error', (error) => {
      this.#failure = error.message;
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#isAlive = false;
        if (code !== 0) this.#failure = `Runtime exited with error: exit status ${code} (${this.#failure})`;
        this.#settle?.({ kind: 'exit' });
        resolve();
      });
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Never rejects: the end of the thread is a result too. A timeout ends the thread. */
  async invoke(requestId: string, payload: string, timeoutMs: number): Promise<InvocationResult> {
    const failed = (type: string, message: string): InvocationResult => ({
      requestId,
      functionError: 'Unhandled',
      payload: errorPayload(type, `RequestId: ${requestId} Error: ${message}`),
    });
    if (this.#isAlive && !this.#isReady && (await this.#next(initTimeoutMs)).kind === 'timeout') {
      await this.stop();
      return failed('Sandbox.Timedout', 'the code did not load within 10 seconds');
    }
    if (!this.#isAlive) return failed('Runtime.ExitError', this.#failure);
    const message: InvokeMessage = { requestId, payload, deadlineMs: Date.now() + timeoutMs };
    this.#worker.postMessage(message);
    const answer = await this.#next(timeoutMs);
    switch (answer.kind) {
      case 'result':
        return { requestId, payload: answer.payload };
      case 'error':
        return { requestId, payload: answer.payload, functionError: 'Unhandled' };
      case 'timeout':
        await this.stop();
        return failed('Sandbox.Timedout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
      default:
        return failed('Runtime.ExitError', this.#failure);
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
    await this.#exited;
  }

  #next(timeoutMs: number): Promise<ThreadMessage | { kind: 'exit' | 'timeout' }> {
    return new Promise((resolve) => {
      const settle = (message: ThreadMessage | { kind: 'exit' | 'timeout' }) => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(message);
      };
      const timer = setTimeout(() => settle({ kind: 'timeout' }), Math.max(0, timeoutMs));
      this.#settle = settle;
    });
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

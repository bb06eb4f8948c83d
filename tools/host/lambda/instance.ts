import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import {
  errorPayload,
  type InvokeMessage,
  type ThreadData,
  type ThreadMessage,
  type ThrownError,
} from './messages.ts';
import { describeThrown } from './thrown-error.ts';

/** The answer to an invocation. `functionError` is set when the function failed; `payload` then describes the error. */
export interface InstanceResult {
  readonly requestId: string;
  readonly payload: string;
  readonly functionError?: 'Unhandled';
  /** How it failed. Missing if the instance was stopped on purpose: nobody needs to hear of that. */
  readonly error?: ThrownError;
}

export interface InstanceOptions {
  threadData: ThreadData;
  environment: Record<string, string>;
  memorySizeMb: number;
  onLog: (line: string) => void;
  /** Called when the instance ends between two invocations without being stopped. */
  onCrash: (error: ThrownError) => void;
}

/** One execution environment: it handles one invocation at a time. */
export interface FunctionInstance {
  /** False as soon as it is being stopped. */
  readonly isAlive: boolean;
  /** Resolves when the code has loaded; with the error if it does not load: the instance has then ended. Never rejects. */
  loaded(): Promise<ThrownError | undefined>;
  /** Never rejects: the end of the instance is a result too. A timeout ends it. */
  invoke(requestId: string, payload: string, timeoutMs: number): Promise<InstanceResult>;
  /** Ends it, also in the middle of an invocation. */
  stop(): Promise<void>;
}

/** As on Lambda, loading the code has this time of its own; the timeout of the first invocation starts after it. */
const initTimeoutMs = 10_000;

/** Small, because there are a dozen threads: with the default, each of them holds up to 50 MB of garbage. */
const maxYoungGenerationSizeMb = 6;

type Ending = { kind: 'exit' } | { kind: 'timeout' };

/** An instance in a thread of the host. */
export class Instance implements FunctionInstance {
  readonly #worker: Worker;
  readonly #options: InstanceOptions;
  readonly #exited: Promise<void>;
  readonly #loading: Promise<ThrownError | undefined>;
  #isAlive = true;
  #hasLoaded = false;
  #isStopping = false;
  /** What the thread threw outside of a handler. It ends the thread. */
  #thrown: Error | undefined;
  #exitCode = 0;
  #settle: ((message: ThreadMessage | Ending) => void) | undefined;

  constructor(options: InstanceOptions) {
    const { threadData, environment, memorySizeMb, onLog } = options;
    this.#options = options;
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
      if (message.kind === 'ready') this.#hasLoaded = true;
      this.#settle?.(message);
    });
    this.#worker.on('error', (error: Error) => {
      this.#thrown = error;
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#onExit(code);
        resolve();
      });
    });
    this.#loading = this.#load();
  }

  get isAlive(): boolean {
    return this.#isAlive && !this.#isStopping;
  }

  loaded(): Promise<ThrownError | undefined> {
    return this.#loading;
  }

  async invoke(requestId: string, payload: string, timeoutMs: number): Promise<InstanceResult> {
    const notLoaded = await this.#loading;
    if (notLoaded !== undefined) return failed(requestId, notLoaded);
    if (!this.#isAlive) return this.#ended(requestId);
    const message: InvokeMessage = { requestId, payload, deadlineMs: Date.now() + timeoutMs };
    this.#worker.postMessage(message);
    const answer = await this.#next(timeoutMs);
    switch (answer.kind) {
      case 'result':
        return { requestId, payload: answer.payload };
      case 'error':
        return failed(requestId, answer.error);
      case 'timeout':
        await this.stop();
        return failedWithId(requestId, {
          name: 'Sandbox.Timedout',
          message: `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
          stack: '',
        });
      default:
        return this.#ended(requestId);
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#worker.terminate();
    await this.#exited;
  }

  async #load(): Promise<ThrownError | undefined> {
    const first = await this.#next(initTimeoutMs);
    if (first.kind === 'ready' || this.#isStopping) return undefined;
    if (first.kind === 'exit') return this.#ending();
    await this.stop();
    if (first.kind === 'not-loaded') return first.error;
    const message = `the code did not load within ${initTimeoutMs / 1_000} seconds`;
    return { name: 'Sandbox.Timedout', message, stack: '' };
  }

  #onExit(code: number): void {
    this.#isAlive = false;
    this.#exitCode = code;
    if (this.#settle !== undefined) this.#settle({ kind: 'exit' });
    else if (this.#hasLoaded && !this.#isStopping) this.#options.onCrash(this.#ending());
  }

  /** The result of an invocation during which the thread ended, or that came after its end. */
  #ended(requestId: string): InstanceResult {
    const { error, ...result } = failedWithId(requestId, this.#ending());
    return this.#isStopping || error === undefined ? result : { ...result, error };
  }

  #ending(): ThrownError {
    const name = 'Runtime.ExitError';
    if (this.#isStopping) return { name, message: 'Runtime was stopped', stack: '' };
    const thrown = this.#thrown;
    if ((thrown as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      const { memorySizeMb } = this.#options;
      return { name, message: `Runtime ran out of memory: its MemorySize is ${memorySizeMb} MB`, stack: '' };
    }
    const message = `Runtime exited with error: exit status ${this.#exitCode}`;
    if (thrown === undefined)
      return { name, message: `${message} (the code called process.exit)`, stack: '' };
    const cause = describeThrown(thrown);
    return { name, message: `${message} (${cause.message})`, stack: '', cause };
  }

  #next(timeoutMs: number): Promise<ThreadMessage | Ending> {
    return new Promise((resolve) => {
      const settle = (message: ThreadMessage | Ending) => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(message);
      };
      const timer = setTimeout(() => settle({ kind: 'timeout' }), Math.max(0, timeoutMs));
      this.#settle = settle;
    });
  }
}

function failed(requestId: string, error: ThrownError): InstanceResult {
  return { requestId, functionError: 'Unhandled', payload: errorPayload(error), error };
}

/** The answer names the request, as Lambda's answer does when the function itself cannot answer. */
function failedWithId(requestId: string, error: ThrownError): InstanceResult {
  const message = `RequestId: ${requestId} Error: ${error.message}`;
  return { requestId, functionError: 'Unhandled', payload: errorPayload({ ...error, message }), error };
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { loopback } from '../engines/free-port.ts';
import type { FunctionInstance, InstanceOptions, InstanceResult } from '../lambda/instance.ts';
import {
  errorPayload,
  type InvokeMessage,
  type ThreadMessage,
  type ThrownError,
} from '../lambda/messages.ts';

/** `thrown`: an error outside of an invocation, or that no handler catches. The process then ends. */
export type ProcessMessage = ThreadMessage | { kind: 'thrown'; error: ThrownError };

/** Functions see this much time left: a debugger may stop them for long. Less than the longest delay of a timer. */
const remainingMs = 24 * 60 * 60 * 1_000;

/** What Node says about its inspector. None of it is a log line of the function. */
const inspectorLines =
  /^(Debugger listening on ws:|For help, see: https:\/\/nodejs\.org\/|Debugger (attached|ending on ))/;
const inspectorFailure = /^Starting inspector on .* failed: (.*)$/;

/** After the end of the process, its last messages and lines have this time to arrive: a program that it started may hold its output. */
const lastWordsMs = 1_000;

/** The processes that run. They are in groups of their own, and a loop or a debugger can keep them from noticing the end of the host. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach(killGroup));

export interface InspectedInstanceOptions extends InstanceOptions {
  readonly port: number;
  /** The process starts when this resolves: the earlier process must have left the port. */
  readonly after: Promise<unknown>;
}

/**
 * An instance in a process of its own, with Node's inspector on a port of the loopback address. A debugger can stop it as
 * long as it wants: nothing ends it for the time that it takes.
 */
export class InspectedInstance implements FunctionInstance {
  /** Resolves when the process has ended, or will never start. */
  readonly ended: Promise<void>;
  readonly #options: InspectedInstanceOptions;
  readonly #loading: Promise<ThrownError | undefined>;
  #child: ChildProcess | undefined;
  #isAlive = true;
  #isStopping = false;
  #hasExited = false;
  #thrown: ThrownError | undefined;
  #settle: ((message: ThreadMessage | undefined) => void) | undefined;
  #markEnded: () => void = () => undefined;

  constructor(options: InspectedInstanceOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#markEnded = resolve;
    });
    this.#loading = this.#load();
  }

  get isAlive(): boolean {
    return this.#isAlive && !this.#isStopping && !this.#hasExited;
  }

  loaded(): Promise<ThrownError | undefined> {
    return this.#loading;
  }

  /** The function's timeout does not count. */
  async invoke(requestId: string, payload: string): Promise<InstanceResult> {
    const notLoaded = await this.#loading;
    if (notLoaded !== undefined) return failed(requestId, notLoaded);
    if (!this.isAlive) return this.#afterEnd(requestId);
    const message: InvokeMessage = { requestId, payload, deadlineMs: Date.now() + remainingMs };
    this.#child?.send(message);
    const answer = await this.#next();
    if (answer?.kind === 'result') return { requestId, payload: answer.payload };
    if (answer?.kind === 'error') return failed(requestId, answer.error);
    return this.#afterEnd(requestId);
  }

  async #afterEnd(requestId: string): Promise<InstanceResult> {
    await this.ended;
    const result = failed(requestId, this.#ending());
    if (!this.#isStopping) return result;
    const { error: _, ...quiet } = result;
    return quiet;
  }

  /** Also while a debugger has stopped the process. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#child === undefined) this.#end();
    else if (!this.#hasExited) killGroup(this.#child);
    await this.ended;
  }

  async #load(): Promise<ThrownError | undefined> {
    await Promise.race([this.#options.after, this.ended]);
    if (this.#isStopping) return undefined;
    this.#child = this.#start();
    const first = await this.#next();
    if (first?.kind === 'ready' || this.#isStopping) return undefined;
    if (first?.kind !== 'not-loaded') return this.#ending();
    await this.stop();
    return first.error;
  }

  #start(): ChildProcess {
    const { threadData, environment, memorySizeMb, port } = this.#options;
    const child = fork(new URL('./inspected-process.ts', import.meta.url), [JSON.stringify(threadData)], {
      env: environment,
      execArgv: [`--inspect=${loopback}:${port}`, `--max-old-space-size=${memorySizeMb}`],
      // In a group of its own: Ctrl-C is for the host, which then ends this process.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#onLine(line));
    }
    child.on('message', (message: ProcessMessage) => {
      if (message.kind === 'thrown') this.#thrown = message.error;
      else this.#settle?.(message);
    });
    child.on('error', (error) => {
      this.#thrown = { name: error.name, message: error.message, stack: '' };
      if (child.pid === undefined) this.#end();
    });
    running.add(child);
    child.on('exit', () => {
      this.#hasExited = true;
      running.delete(child);
      setTimeout(() => this.#end(), lastWordsMs).unref();
    });
    // It follows the last message and the last line. `exit` can come before them.
    child.on('close', () => this.#end());
    return child;
  }

  #onLine(line: string): void {
    const [, reason] = inspectorFailure.exec(line) ?? [];
    if (reason !== undefined) {
      const message = `The inspector cannot listen on port ${this.#options.port}: ${reason}`;
      this.#thrown = { name: 'InspectorError', message, stack: '' };
      if (this.#child !== undefined) killGroup(this.#child);
    } else if (!inspectorLines.test(line)) this.#options.onLog(line);
  }

  #end(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#markEnded();
    if (this.#settle !== undefined) this.#settle(undefined);
    else if (!this.#isStopping) this.#options.onCrash(this.#ending());
  }

  #ending(): ThrownError {
    if (this.#isStopping && this.#thrown === undefined) return exit('Runtime was stopped');
    if (this.#thrown === undefined) return exit('Runtime exited without providing a reason');
    const { message } = this.#thrown;
    return { ...exit(`Runtime exited with error (${message})`), cause: this.#thrown };
  }

  /** The next message; undefined when the process ends. */
  #next(): Promise<ThreadMessage | undefined> {
    return new Promise((resolve) => {
      this.#settle = (message) => {
        this.#settle = undefined;
        resolve(message);
      };
    });
  }
}

/** Ends the process and what it has started, also while a debugger has stopped it. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function exit(message: string): ThrownError {
  return { name: 'Runtime.ExitError', message, stack: '' };
}

function failed(requestId: string, error: ThrownError): InstanceResult {
  return { requestId, functionError: 'Unhandled', payload: errorPayload(error), error };
}

import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { messageOf } from '../user-error.ts';
import { Instance, type InvocationResult } from './instance.ts';
import { errorPayload } from './messages.ts';

/** A function as the template defines it. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** As `nodejs24.x`. It is only shown: functions run on the Node of the host. */
  readonly runtime: string;
  readonly codeFolder: string;
  /** For example `index.handler`. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memorySizeMb: number;
  /** The function's whole environment. The host's own environment is not added. */
  readonly environment: Readonly<Record<string, string>>;
  /** Maximum instances at the same time. */
  readonly maximumInstances: number;
}

/** Lambda's limit for a request and for its answer. */
const payloadLimitBytes = 6 * 1024 * 1024;
/** Maximum invocations that wait for an instance. Lambda refuses them instead, but has a thousand instances. */
const waitingLimit = 1_000;

interface Waiting {
  payload: string;
  resolve: (result: InvocationResult) => void;
}

/** A deployed function. It starts instances as invocations need them, up to a limit. Each runs one invocation at a time. */
export class LocalFunction {
  readonly configuration: FunctionConfiguration;
  readonly #onLog: (line: string) => void;
  readonly #onInvoked: () => void;
  #codeFolder: string;
  readonly #idle: Instance[] = [];
  readonly #busy = new Set<Instance>();
  /** Instances that run code older than the last reload. */
  readonly #outdated = new WeakSet<Instance>();
  readonly #waiting: Waiting[] = [];
  #isStopped = false;

  /** `onInvoked` is called after each invocation, successful or not. */
  constructor(
    configuration: FunctionConfiguration,
    options: { onLog: (line: string) => void; onInvoked: () => void },
  ) {
    this.configuration = configuration;
    this.#codeFolder = configuration.codeFolder;
    this.#onLog = options.onLog;
    this.#onInvoked = options.onInvoked;
  }

  /** Starts an instance before the first invocation needs one. */
  warm(): void {
    if (this.#idle.length + this.#busy.size === 0) this.#idle.push(this.#start());
  }

  /**
   * Runs the function once, when an instance is free. After a stop, the result is an error.
   * @param payload JSON
   * @throws {AwsError} when the payload is not JSON or is too large, or when too many invocations wait.
   */
  invoke(payload: string): Promise<InvocationResult> {
    this.#check(payload);
    if (this.#isStopped) return Promise.resolve(stoppedResult());
    return new Promise((resolve) => {
      this.#waiting.push({ payload, resolve });
      this.#dispatch();
    });
  }

  /** Later invocations run the code in `codeFolder`. Running invocations finish with their earlier code. */
  async reload(codeFolder: string): Promise<void> {
    this.#codeFolder = codeFolder;
    for (const instance of this.#busy) this.#outdated.add(instance);
    await Promise.all(this.#idle.splice(0).map((instance) => instance.stop()));
    this.#dispatch();
  }

  /** Ends the instances that run an invocation, as Lambda does when one uses up its memory. Resolves with their number. */
  async killRunning(): Promise<number> {
    const running = [...this.#busy];
    await Promise.all(running.map((instance) => instance.stop()));
    return running.length;
  }

  /** Ends all instances, also in the middle of an invocation. Those that run or wait get an error as their result. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { resolve } of this.#waiting.splice(0)) resolve(stoppedResult());
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map((instance) => instance.stop()));
  }

  #check(payload: string): void {
    if (Buffer.byteLength(payload) > payloadLimitBytes) {
      const message = `Request must be smaller than ${payloadLimitBytes} bytes for the InvokeFunction operation`;
      throw new AwsError('RequestTooLargeException', 413, message);
    }
    try {
      JSON.parse(payload);
    } catch (error) {
      const message = `Could not parse request body into json: ${messageOf(error)}`;
      throw new AwsError('InvalidRequestContentException', 400, message);
    }
    if (this.#waiting.length >= waitingLimit) {
      throw new AwsError('TooManyRequestsException', 429, 'Rate Exceeded.');
    }
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const instance = this.#freeInstance();
      if (instance === undefined) return;
      const next = this.#waiting.shift();
      if (next !== undefined) void this.#run(instance, next);
    }
  }

  #freeInstance(): Instance | undefined {
    for (let instance = this.#idle.pop(); instance !== undefined; instance = this.#idle.pop()) {
      if (instance.isAlive) return instance;
    }
    return this.#busy.size < this.configuration.maximumInstances ? this.#start() : undefined;
  }

  async #run(instance: Instance, { payload, resolve }: Waiting): Promise<void> {
    this.#busy.add(instance);
    const result = await instance.invoke(randomUUID(), payload, this.configuration.timeoutMs);
    this.#busy.delete(instance);
    if (this.#outdated.has(instance) || this.#isStopped) await instance.stop();
    else if (instance.isAlive) this.#idle.push(instance);
    resolve(withinLimit(result));
    this.#onInvoked();
    this.#dispatch();
  }

  #start(): Instance {
    const { handler, arn, environment, memorySizeMb } = this.configuration;
    return new Instance({
      threadData: { codeFolder: this.#codeFolder, handler, functionArn: arn },
      environment: { ...environment },
      memorySizeMb,
      onLog: this.#onLog,
    });
  }
}

function stoppedResult(): InvocationResult {
  const payload = errorPayload('Runtime.ExitError', 'The host stops.');
  return { requestId: randomUUID(), functionError: 'Unhandled', payload };
}

function withinLimit(result: InvocationResult): InvocationResult {
  const sizeBytes = Buffer.byteLength(result.payload);
  if (sizeBytes <= payloadLimitBytes) return result;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${payloadLimitBytes} bytes).`;
  const payload = JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage });
  return { requestId: result.requestId, functionError: 'Unhandled', payload };
}

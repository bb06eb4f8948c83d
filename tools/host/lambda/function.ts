import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { FailureSink } from './failure-reports.ts';
import { IdleInstances, type IdleLimits } from './idle-instances.ts';
import { type FunctionInstance, Instance, type InstanceOptions, type InstanceResult } from './instance.ts';
import { errorPayload, type ThrownError } from './messages.ts';
import { checkPayload, payloadLimitBytes } from './payload.ts';

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
  /** Maximum invocations at the same time, each in an instance of its own. */
  readonly maximumInstances: number;
  /** A debugger can stop it for any time. Its timeout does not count. */
  readonly isInspected?: boolean;
}

export interface FunctionOptions {
  readonly onLog: (line: string) => void;
  /** Called after each invocation, successful or not. */
  readonly onInvoked: () => void;
  /** Gets each failure once. */
  readonly failures?: FailureSink | undefined;
  /** Default: {@link usualIdleLimits}. */
  readonly idleLimits?: IdleLimits | undefined;
  /** Default: an {@link Instance}, in a thread of this process. */
  readonly startInstance?: ((options: InstanceOptions) => FunctionInstance) | undefined;
}

/** The answer to an invocation. */
export interface InvocationResult extends Omit<InstanceResult, 'error'> {
  /** The number of the failure in the output of the host. */
  readonly failureNumber?: number;
}

/** Who invokes a function, for reports of failures. */
export interface Invoker {
  /** What invokes it, in a person's words: `GET /health`. It may hold ids, which callers choose. */
  readonly origin?: string;
  /** Default: a new one. */
  readonly requestId?: string;
}

/**
 * An instance takes 20 to 50 MB, and starts in a tenth of a second from the cache of compiled code. The last one stays for longer
 * than the minute between two scheduled invocations.
 */
export const usualIdleLimits: IdleLimits = { spareMs: 5_000, lastMs: 75_000 };

/** Maximum invocations that wait for an instance. Lambda refuses them instead, but has a thousand instances. */
const waitingLimit = 1_000;

interface Waiting {
  readonly payload: string;
  readonly invoker: Required<Invoker>;
  readonly resolve: (result: InvocationResult) => void;
}

/** A deployed function. It starts instances as invocations need them, up to a limit. Each runs one invocation at a time. */
export class LocalFunction {
  readonly configuration: FunctionConfiguration;
  readonly #options: FunctionOptions;
  readonly #idle: IdleInstances;
  readonly #busy = new Set<FunctionInstance>();
  /** Instances that run code older than the last reload. */
  readonly #outdated = new WeakSet<FunctionInstance>();
  /** Instances that a reload has ended while they loaded. Their invocations run the new code. */
  readonly #replaced = new WeakSet<FunctionInstance>();
  /** Inspected instances that still load: a debugger, or a loop, can make that last for ever. */
  readonly #loading = new Set<FunctionInstance>();
  /** The reports of code that does not load: one for each instance, however many invocations meet it. */
  readonly #loadFailures = new WeakMap<FunctionInstance, number | undefined>();
  readonly #waiting: Waiting[] = [];
  #codeFolder: string;
  #isStopped = false;

  constructor(configuration: FunctionConfiguration, options: FunctionOptions) {
    this.configuration = configuration;
    this.#codeFolder = configuration.codeFolder;
    this.#options = options;
    this.#idle = new IdleInstances(options.idleLimits ?? usualIdleLimits);
  }

  /** Instances that run, with or without work. */
  get instanceCount(): number {
    return this.#idle.size + this.#busy.size;
  }

  /**
   * Loads the code in an instance, which then waits a few seconds for an invocation. Resolves to whether the code loads, within
   * 10 seconds; if it does not, that has been reported. The load of an inspected function has no limit: a stop ends it.
   */
  async load(): Promise<boolean> {
    if (this.#isStopped) return true;
    const idle = this.#idle.take();
    const busy = [...this.#busy].find((instance) => instance.isAlive && !this.#outdated.has(instance));
    const instance = idle ?? busy ?? this.#start();
    if (instance !== busy) this.#idle.put(instance, false);
    return (await instance.loaded()) === undefined;
  }

  /**
   * Runs the function once, when an instance is free. After a stop, the result is an error.
   * @param payload JSON
   * @throws {AwsError} when the payload is not JSON or is too large, or when too many invocations wait.
   */
  invoke(
    payload: string,
    { origin = 'an invocation', requestId = randomUUID() }: Invoker = {},
  ): Promise<InvocationResult> {
    checkPayload(payload);
    if (this.#waiting.length >= waitingLimit) {
      throw new AwsError('TooManyRequestsException', 429, 'Rate Exceeded.');
    }
    const invoker = { origin, requestId };
    if (this.#isStopped) return Promise.resolve(stoppedResult(invoker));
    return new Promise((resolve) => {
      this.#waiting.push({ payload, invoker, resolve });
      this.#dispatch();
    });
  }

  /**
   * Later invocations run the code in `codeFolder`. Running invocations finish with their earlier code. Resolves to
   * whether the new code loads, as {@link load}.
   */
  async reload(codeFolder: string): Promise<boolean> {
    this.#codeFolder = codeFolder;
    for (const instance of this.#busy) this.#outdated.add(instance);
    const replaced = [...this.#busy].filter((instance) => this.#loading.has(instance));
    for (const instance of replaced) this.#replaced.add(instance);
    await Promise.all([this.#idle.stop(), ...replaced.map((instance) => instance.stop())]);
    this.#options.failures?.forget(this.configuration.name);
    this.#dispatch();
    return this.load();
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
    for (const { resolve, invoker } of this.#waiting.splice(0)) resolve(stoppedResult(invoker));
    await Promise.all([this.#idle.stop(), ...[...this.#busy].map((instance) => instance.stop())]);
  }

  /** Reports that an invocation failed, for a reason that the function itself does not know. Returns the report's number. */
  report({ origin = 'an invocation', requestId = '' }: Invoker, error: ThrownError): number | undefined {
    const { name: functionName } = this.configuration;
    return this.#options.failures?.report({ kind: 'invocation', functionName, origin, requestId, error });
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const instance = this.#freeInstance();
      if (instance === undefined) return;
      const next = this.#waiting.shift();
      if (next !== undefined) void this.#run(instance, next);
    }
  }

  #freeInstance(): FunctionInstance | undefined {
    // After a reload there can be an idle instance besides the busy ones: it shows whether the new code loads.
    if (this.#busy.size >= this.configuration.maximumInstances) return undefined;
    return this.#idle.take() ?? this.#start();
  }

  async #run(instance: FunctionInstance, waiting: Waiting): Promise<void> {
    const { payload, invoker, resolve } = waiting;
    this.#busy.add(instance);
    const result = withinLimit(
      await instance.invoke(invoker.requestId, payload, this.configuration.timeoutMs),
    );
    this.#busy.delete(instance);
    if (this.#replaced.has(instance) && !this.#isStopped) {
      this.#waiting.unshift(waiting);
      return this.#dispatch();
    }
    if (this.#outdated.has(instance) || this.#isStopped) await instance.stop();
    else if (instance.isAlive) this.#idle.put(instance);
    resolve(this.#reported(instance, invoker, result));
    this.#options.onInvoked();
    this.#dispatch();
  }

  #reported(
    instance: FunctionInstance,
    invoker: Invoker,
    { error, ...result }: InstanceResult,
  ): InvocationResult {
    if (error === undefined) return result;
    const isReported = this.#loadFailures.has(instance);
    const failureNumber = isReported ? this.#loadFailures.get(instance) : this.report(invoker, error);
    return { ...result, ...(failureNumber !== undefined && { failureNumber }) };
  }

  #start(): FunctionInstance {
    const { name: functionName, handler, arn, environment, memorySizeMb } = this.configuration;
    const { onLog, failures, startInstance = (options) => new Instance(options) } = this.#options;
    const instance = startInstance({
      threadData: { codeFolder: this.#codeFolder, handler, functionArn: arn },
      environment: { ...environment },
      memorySizeMb,
      onLog,
      onCrash: (error) => failures?.report({ kind: 'crash', functionName, error }),
    });
    if (this.configuration.isInspected) this.#loading.add(instance);
    void instance.loaded().then((error) => {
      this.#loading.delete(instance);
      if (error === undefined || failures === undefined) return;
      this.#loadFailures.set(instance, failures.report({ kind: 'load', functionName, error }));
    });
    return instance;
  }
}

function stoppedResult({ requestId }: Required<Invoker>): InvocationResult {
  const payload = errorPayload({ name: 'Runtime.ExitError', message: 'The host stops.', stack: '' });
  return { requestId, functionError: 'Unhandled', payload };
}

function withinLimit(result: InstanceResult): InstanceResult {
  const sizeBytes = Buffer.byteLength(result.payload);
  if (sizeBytes <= payloadLimitBytes) return result;
  const message = `Response payload size exceeded maximum allowed payload size (${payloadLimitBytes} bytes).`;
  const error = { name: 'Function.ResponseSizeTooLarge', message, stack: '' };
  return { requestId: result.requestId, functionError: 'Unhandled', payload: errorPayload(error), error };
}

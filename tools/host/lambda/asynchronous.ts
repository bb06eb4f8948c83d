import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { backoffMs } from '../event-sources/backoff.ts';
import type { InvocationResult, LocalFunction } from './function.ts';
import { checkPayload } from './payload.ts';
import { startTimer, type Timer } from './timer.ts';

/** What a function's `AWS::Lambda::EventInvokeConfig` sets. */
export interface AsynchronousSettings {
  /** Further attempts after one that failed: 0 to 2. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeMs: number;
}

export interface AsynchronousOptions {
  readonly warn: (line: string) => void;
  /** Epoch ms. Default: the clock. */
  readonly now?: () => number;
  readonly after?: Timer;
}

/** Lambda's defaults. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
export const usualSettings: AsynchronousSettings = {
  maximumRetryAttempts: 2,
  maximumEventAgeMs: 6 * 3_600_000,
};
/** The wait after the first and after the second attempt that failed. */
const retryWaitsMs = [60_000, 120_000] as const;
/** The wait after a throttled attempt doubles up to the second. */
const throttleWaitsMs = [1_000, 300_000] as const;

/** Lambda's limit for one event. */
const eventLimitBytes = 1024 * 1024;
/** Limits of this host for all events that run or wait, of all functions. */
const eventsLimit = 1_000;
const bytesLimit = 64 * 1024 * 1024;
const namedAtStop = 5;

interface Event {
  readonly target: LocalFunction;
  readonly payload: string;
  readonly sizeBytes: number;
  readonly origin: string;
  readonly requestId: string;
  readonly acceptedAtMs: number;
  failures: number;
  throttles: number;
  /** Cancels its next attempt. */
  cancel: () => void;
}

/**
 * Invokes functions without a caller who waits, and tries again as Lambda does: a function that fails, twice more, after one and
 * two minutes; a throttled one for hours. The events are in memory: a stop of the host loses those that are not done.
 */
export class AsynchronousInvocations {
  readonly #options: Required<AsynchronousOptions>;
  readonly #settings = new Map<string, AsynchronousSettings>();
  readonly #events = new Set<Event>();
  #isStopped = false;

  constructor(options: AsynchronousOptions) {
    this.#options = { now: Date.now, after: startTimer, ...options };
  }

  /** Replaces {@link usualSettings} for a function. */
  configure(functionName: string, settings: AsynchronousSettings): void {
    this.#settings.set(functionName, settings);
  }

  /**
   * Accepts an event and returns its request id, which all its attempts have.
   * @param origin what invokes the function, in a person's words
   * @throws {AwsError} when the payload is not JSON or is larger than 1 MB, when too many events wait, or after {@link stop}.
   */
  accept(target: LocalFunction, payload: string, origin: string): string {
    if (this.#isStopped) throw new AwsError('ServiceUnavailableException', 503, 'The host stops.');
    checkPayload(payload, eventLimitBytes);
    const sizeBytes = Buffer.byteLength(payload);
    const waitingBytes = [...this.#events].reduce((sum, event) => sum + event.sizeBytes, 0);
    if (this.#events.size >= eventsLimit || waitingBytes + sizeBytes > bytesLimit) {
      throw new AwsError('TooManyRequestsException', 429, 'Too many asynchronous invocations wait.');
    }
    const requestId = randomUUID();
    const event: Event = {
      ...{ target, payload, sizeBytes, origin, requestId, acceptedAtMs: this.#options.now() },
      ...{ failures: 0, throttles: 0, cancel: () => undefined },
    };
    this.#events.add(event);
    void this.#attempt(event);
    return requestId;
  }

  /** Makes no further attempts, and names what is lost. Functions must have stopped: an attempt that runs may still succeed. */
  stop(): void {
    this.#isStopped = true;
    const lost = [...this.#events];
    this.#events.clear();
    for (const { cancel } of lost) cancel();
    if (lost.length === 0) return;
    const names = lost.slice(0, namedAtStop).map(nameOf);
    const more = lost.length > namedAtStop ? [`${lost.length - namedAtStop} more`] : [];
    this.#options.warn(`Not done, and not tried again after the stop: ${[...names, ...more].join(', ')}.`);
  }

  async #attempt(event: Event): Promise<void> {
    const { target, payload, origin, requestId } = event;
    const result = await attemptOf(() => target.invoke(payload, { origin, requestId }));
    if (this.#isStopped) return;
    if (result !== 'throttled' && result.functionError === undefined) {
      this.#events.delete(event);
      return;
    }
    const waitMs = this.#waitAfter(event, result);
    const ageMs = this.#options.now() - event.acceptedAtMs;
    const { maximumEventAgeMs } = this.#settingsOf(event);
    if (waitMs === undefined) this.#giveUp(event, `${event.failures} attempts failed`, result);
    else if (ageMs + waitMs > maximumEventAgeMs) {
      this.#giveUp(
        event,
        `it would be older than ${maximumEventAgeMs / 1_000} s at its next attempt`,
        result,
      );
    } else event.cancel = this.#options.after(waitMs, () => void this.#attempt(event));
  }

  /** Undefined: it is not tried again. */
  #waitAfter(event: Event, result: InvocationResult | 'throttled'): number | undefined {
    if (result === 'throttled') return backoffMs(++event.throttles, ...throttleWaitsMs);
    const retries = event.failures++;
    return retries < this.#settingsOf(event).maximumRetryAttempts ? retryWaitsMs[retries] : undefined;
  }

  #settingsOf({ target }: Event): AsynchronousSettings {
    return this.#settings.get(target.configuration.name) ?? usualSettings;
  }

  #giveUp(event: Event, reason: string, result: InvocationResult | 'throttled'): void {
    this.#events.delete(event);
    const failureNumber = result === 'throttled' ? undefined : result.failureNumber;
    const error = failureNumber === undefined ? '' : ` The last one is failure ${failureNumber}.`;
    this.#options.warn(`Gave up ${event.origin} of ${nameOf(event)}: ${reason}.${error}`);
  }
}

async function attemptOf(invoke: () => Promise<InvocationResult>): Promise<InvocationResult | 'throttled'> {
  try {
    return await invoke();
  } catch (error) {
    if (error instanceof AwsError && error.statusCode === 429) return 'throttled';
    throw error;
  }
}

function nameOf({ target, requestId }: Event): string {
  return `${target.configuration.name} (request ${requestId})`;
}

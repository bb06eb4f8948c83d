import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, UserError } from '../host/user-error.ts';
import type { RunCounts } from './counts.ts';
import type { ApiAnswer, ApiRequest, HttpClient } from './http-client.ts';
import { brief, problemCode } from './outcome.ts';

const triesMin = 10;
/** The wait before another try is random. Its upper limit doubles from the first value to the second. */
const firstWaitMs = 50;
const longestWaitMs = 2_000;
/** Errors of a connection to a server that is not there. */
const unreachable: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** Statuses that the server may give under load or during a restart, and that leave the outcome unknown. */
const temporary: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The clock of the run. Specs use one that does not wait. */
export interface Clock {
  /** Ms since a fixed instant; never goes back. */
  nowMs(): number;
  /** Rejects with the signal's reason if it is aborted before the end. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  nowMs: () => performance.now(),
  wait: (durationMs, signal) => delay(durationMs, undefined, { signal }),
};

export interface ApiOptions {
  readonly client: Pick<HttpClient, 'try'>;
  readonly counts: RunCounts;
  /** For error messages. */
  readonly url: string;
  /** How long to wait for a server that is down; 0: not at all. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** The answer to a request. */
export interface SentAnswer extends ApiAnswer {
  /** How often the request was sent. */
  readonly tries: number;
}

/**
 * Sends requests until their outcome is known. If it is unknown (no answer, a server error), the same request is sent again.
 * This is safe: every request is a read or carries an idempotency key.
 */
export class Api {
  readonly #options: ApiOptions;
  readonly #clock: Clock;
  #wasReached = false;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /**
   * Throws a {@link UserError} when the patience has ended without a usable answer, after at least {@link triesMin} tries
   * (one if no server answers at the address). Throws the signal's reason once the signal is aborted.
   */
  async send(request: ApiRequest): Promise<SentAnswer> {
    const { counts, signal, patienceMs, url } = this.#options;
    const { method, path } = request;
    let firstFailureMs = Number.NaN;
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      const answer = await this.#try(request);
      if (typeof answer !== 'string' && answer.status < 500 && answer.status !== 429)
        return { ...answer, tries };
      const reason =
        typeof answer === 'string' ? answer : `${answer.status} ${problemCode(answer.body) ?? ''}`.trim();
      counts.retried.add(reason);
      if (typeof answer !== 'string' && !temporary.has(answer.status)) {
        // A defect, even if the next try succeeds.
        counts.noteUnexpected(`${method} ${path} was answered ${answer.status}: ${brief(answer.body)}`);
      }
      const nowMs = this.#clock.nowMs();
      if (tries === 1) firstFailureMs = nowMs;
      if (nowMs - firstFailureMs >= patienceMs) {
        const hint = this.#wasReached
          ? `The server at ${url} is gone. With --patient SECONDS the run waits for it.`
          : `No server answers at ${url}. Run "npm start", or name the server with --url.`;
        if (unreachable.has(reason)) throw new UserError(hint);
        const sentence = `${method} ${path} had no usable answer in ${tries} tries (${reason})`;
        if (tries >= triesMin)
          throw new UserError(`${sentence}: its outcome is unknown, so a comparison is impossible.`);
      }
      await this.#clock.wait(Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** tries), signal);
    }
  }

  /** The answer, or the code of the network error. */
  async #try(request: ApiRequest): Promise<ApiAnswer | string> {
    const { client, counts } = this.#options;
    const startedAtMs = this.#clock.nowMs();
    try {
      const answer = await client.try(request);
      this.#wasReached = true;
      counts.noteAnswer(answer.status, this.#clock.nowMs() - startedAtMs);
      return answer;
    } catch (error) {
      const code = (error as { code?: unknown } | undefined)?.code;
      return typeof code === 'string' ? code : messageOf(error);
    }
  }
}

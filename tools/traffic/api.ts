import { messageOf, UserError } from '../host/user-error.ts';
import { type Clock, realClock } from './clock.ts';
import type { ApiAnswer, ApiRequest, HttpClient } from './http-client.ts';
import { problemCodeOf } from './problem-code.ts';
import type { Tally } from './tally.ts';

/** A request is tried so often at least, unless nobody is there ... */
const minTries = 10;
/** ... after random waits that double from this bound up to the next one. */
const firstWaitMs = 50;
const longestWaitMs = 2_000;
/** What connecting to a server that is not there ends in. */
const notThereCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Answers that leave open whether the request took effect, and that the server may give under load. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface ApiOptions {
  readonly client: Pick<HttpClient, 'try'>;
  readonly tally: Tally;
  /** Shown to people where the server is not there. */
  readonly url: string;
  /** A server that is gone, or starting, is waited for so long; 0: not at all. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Sends requests until their outcome is known. Whatever is unknown (no answer, a server error) is found out by sending the
 * very same request again, never guessed: every request here is a read or carries an Idempotency-Key.
 */
export class Api {
  readonly #options: ApiOptions;
  readonly #clock: Clock;
  #wasHeard = false;

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /**
   * Throws a {@link UserError} where the server is not there or does not answer in so many tries, and the signal's reason
   * once that is aborted.
   */
  async send(request: ApiRequest): Promise<ApiAnswer> {
    const { tally, signal, patienceMs } = this.#options;
    let failedAtMs: number | undefined;
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      const outcome = await this.#try(request);
      if ('answer' in outcome && isOutcome(outcome.answer.status)) return outcome.answer;
      const reason = 'answer' in outcome ? problemOf(outcome.answer) : codeOf(outcome.error);
      tally.retried.add(reason);
      this.#noteDefect(request, outcome);
      failedAtMs ??= this.#clock.nowMs();
      const isPatient = this.#clock.nowMs() - failedAtMs < patienceMs;
      if (!isPatient && notThereCodes.has(reason)) throw this.#notThere();
      if (!isPatient && tries >= minTries) {
        const sentence = `${request.method} ${request.path} had no usable answer in ${tries} tries (${reason})`;
        throw new UserError(`${sentence}: its outcome is unknown, so a comparison would be worth nothing.`);
      }
      await this.#clock.wait(Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** tries), signal);
    }
  }

  async #try(request: ApiRequest): Promise<{ answer: ApiAnswer } | { error: unknown }> {
    const { client, tally } = this.#options;
    const startedAtMs = this.#clock.nowMs();
    try {
      const answer = await client.try(request);
      this.#wasHeard = true;
      tally.latency.record(this.#clock.nowMs() - startedAtMs);
      tally.statuses.add(answer.status);
      return { answer };
    } catch (error) {
      return { error };
    }
  }

  /** Load and restarts excuse 503 and its like; 500 is a defect, even where a retry gets through. */
  #noteDefect(request: ApiRequest, outcome: { answer: ApiAnswer } | { error: unknown }): void {
    if (!('answer' in outcome) || passing.has(outcome.answer.status)) return;
    const { status, body } = outcome.answer;
    const said = JSON.stringify(body).slice(0, 300);
    this.#options.tally.noteUnexpected(`${request.method} ${request.path} was answered ${status}: ${said}`);
  }

  #notThere(): UserError {
    const { url } = this.#options;
    if (!this.#wasHeard) {
      return new UserError(`Nothing answers at ${url}. Run "npm start", or name the server with --url.`);
    }
    return new UserError(`The server at ${url} has gone away. With --patient SECONDS the run waits for it.`);
  }
}

/** Whether the answer says for certain what became of the request. */
function isOutcome(status: number): boolean {
  return status < 500 && status !== 429;
}

/** `503 contention`: the status and, where the answer has one, the last part of the problem's type. */
function problemOf({ status, body }: ApiAnswer): string {
  const code = problemCodeOf(body);
  return code === undefined ? String(status) : `${status} ${code}`;
}

/** `ECONNRESET` and its like; the message of an error without a code. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : messageOf(error);
}

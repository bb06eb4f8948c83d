import type { Effects } from './effects.ts';
import { EventSourcingError } from './errors.ts';
import { type Observer, silentObserver } from './observer.ts';

/**
 * An append is cut off this long after its stamp, in ms: all attempts of the client together. A request that was cut off
 * can still be carried out.
 */
export const appendCutOffMs = 1_500;

/** An append ends within this time of its stamp, in ms. It includes what a request that was cut off may still need. */
export const appendMaxMs = 2_000;

/** How far the clock of a function may differ from the clock of the log's service, in ms. Two clocks: twice that. */
export const clockOffsetMaxMs = 500;

/**
 * An instant is settled when the service's clock has passed it by this time, in ms. Its commits have then all ended: a
 * clock that stamps is at most {@link clockOffsetMaxMs} behind the service's, and an append takes at most
 * {@link appendMaxMs}.
 */
export const settledAfterMs = appendMaxMs + clockOffsetMaxMs;

/** An instant that is further ahead of the clock than this is refused, in ms. It is as far as two clocks may differ. */
export const futureMaxMs = 2 * clockOffsetMaxMs;

/** A `Date` header has whole seconds, and a server may renew it only once a second. So it is at most this old, in ms. */
const dateAgeMaxMs = 2_000;

/** Bounds of the offset are used this long, in ms. A clock drifts only a little in this time. */
const boundsMaxAgeMs = 60_000;

/** Waits for one instant. More than one are needed only if the clock is set back meanwhile. */
const maxWaits = 3;

/** How far this clock is ahead of the service's, in ms. Negative: behind. */
interface OffsetBounds {
  readonly lowestMs: number;
  readonly highestMs: number;
}

/** The answers of the log's service, as the clock sees them. All times are in ms since 1970. */
export interface DatedAnswer {
  readonly sentMs: number;
  readonly receivedMs: number;
  /** The `Date` header (RFC 9110, 6.6.1). Undefined or malformed: the answer says nothing about the clock. */
  readonly date: string | undefined;
}

/**
 * The clock that stamps commits, and that knows which instants are settled. It compares itself with the service's clock:
 * the service's time of an answer lies between sending and receiving. Many answers together give narrow bounds. Without
 * any answer, the offset is assumed to be within {@link clockOffsetMaxMs}. A clock that is set forward is noticed at the
 * next answer.
 */
export class CommitClock {
  readonly #effects: Pick<Effects, 'now' | 'delay'>;
  readonly #observer: Pick<Observer, 'count'>;
  #measured: (OffsetBounds & { readonly sinceMs: number }) | undefined;

  constructor(effects: Pick<Effects, 'now' | 'delay'>, observer: Pick<Observer, 'count'> = silentObserver) {
    this.#effects = effects;
    this.#observer = observer;
  }

  /** The offset as far as it is known. Undefined: not measured. */
  get offset(): OffsetBounds | undefined {
    if (this.#measured === undefined) return undefined;
    const { lowestMs, highestMs } = this.#measured;
    return { lowestMs, highestMs };
  }

  /** Learns from an answer of the service. */
  note({ sentMs, receivedMs, date = '' }: DatedAnswer): void {
    const dateMs = Date.parse(date);
    if (Number.isNaN(dateMs)) return;
    const [lowestMs, highestMs] = [sentMs - dateMs - dateAgeMaxMs, receivedMs - dateMs];
    const before = this.#measured;
    const narrowed = before && {
      sinceMs: before.sinceMs,
      lowestMs: Math.max(before.lowestMs, lowestMs),
      highestMs: Math.min(before.highestMs, highestMs),
    };
    const isOld = before !== undefined && Math.abs(receivedMs - before.sinceMs) > boundsMaxAgeMs;
    // Bounds that exclude each other: the clock was set in the meantime.
    const isUsable = narrowed !== undefined && !isOld && narrowed.lowestMs <= narrowed.highestMs;
    this.#measured = isUsable ? narrowed : { sinceMs: receivedMs, lowestMs, highestMs };
  }

  /** The current time for a commit: ISO 8601, UTC, ms. Throws `clock-off`. `stream`: for the error. */
  stamp(stream: string): string {
    this.#requireRight(stream);
    return this.#effects.now();
  }

  /**
   * Resolves when no commit can be stamped with this instant, or an earlier one, any more. Usually that takes at most
   * {@link settledAfterMs} plus a second, and no time for an instant that is older than that. `at`: ISO 8601, UTC, ms.
   * Throws `future-instant` and `clock-off`. `stream`: for the error.
   */
  async untilSettled(stream: string, at: string): Promise<void> {
    const atMs = Date.parse(at);
    if (atMs > this.#nowMs() + futureMaxMs) {
      throw new EventSourcingError('future-instant', stream, `${at} has not passed yet.`);
    }
    for (let waits = 0; ; waits += 1) {
      this.#requireRight(stream);
      // A stamp has whole milliseconds, so it is up to 1 ms older than its time.
      const missingMs = atMs + 1 + settledAfterMs - this.#passedMs();
      if (missingMs <= 0) return;
      if (waits === maxWaits) throw clockOff(stream, 'The clock does not advance.');
      await this.#effects.delay(Math.ceil(missingMs));
    }
  }

  /** A time that the service's clock has passed. */
  #passedMs(): number {
    return this.#nowMs() - Math.max(0, this.#measured?.highestMs ?? clockOffsetMaxMs);
  }

  #requireRight(stream: string): void {
    const { lowestMs, highestMs } = this.#measured ?? { lowestMs: 0, highestMs: 0 };
    if (lowestMs <= clockOffsetMaxMs && highestMs >= -clockOffsetMaxMs) return;
    this.#observer.count('ClockRefusals');
    const bounds = `between ${lowestMs} and ${highestMs} ms`;
    throw clockOff(
      stream,
      `The clock of this function is ${bounds} ahead of the clock of the log's service.`,
    );
  }

  #nowMs(): number {
    return Date.parse(this.#effects.now());
  }
}

function clockOff(stream: string, message: string): EventSourcingError {
  return new EventSourcingError('clock-off', stream, message);
}

import type { Stored } from '../services/sharded-stream.ts';
import type { ConsumerName } from '../world/faults.ts';
import type { Random } from '../world/random.ts';
import type { Timer } from '../world/time.ts';
import type { World } from '../world/world.ts';
import { lowestFailed } from './batch-outcome.ts';
import { lateMs, pauseLeftMs } from './delivery-faults.ts';
import type { InvokeResult, Lambda } from './lambda.ts';
import { maxRecordAgeMs } from './settings.ts';

/** Waits after failures, in ms: the first, and the longest. They double. */
const [firstWaitMs, longestWaitMs] = [500, 60_000];

/** A record that was given up because it was too old. */
export interface GivenUp {
  readonly consumer: ConsumerName;
  /** As it would have been delivered. The failure bucket keeps it, so that a person can deliver it. */
  readonly record: unknown;
  /** "ledger/acc-1@4" */
  readonly place: string;
  readonly ageMs: number;
}

/** What the lanes of one event source mapping share. */
export interface LaneContext<Record> {
  readonly world: World;
  readonly lambda: Lambda;
  readonly consumer: ConsumerName;
  readonly batchSize: number;
  /** A batch is delivered at most this long after its first record arrived, in ms, if nothing goes wrong. */
  readonly pollMaxMs: number;
  /** The place of a record, such as "ledger/acc-1@4". */
  readonly placeOf: (record: Record) => string;
  readonly givenUp: GivenUp[];
  /** A batch of the lane was handled. */
  readonly handled: (lane: Lane<Record>, batch: readonly Stored<Record>[]) => void;
  /** Everything in the lane was handled, and no more comes. */
  readonly ended: (lane: Lane<Record>) => void;
}

/**
 * Delivers the records of a shard, or of some of its partition keys, in order and one batch at a time. A batch that fails is
 * halved and delivered again, until it is handled or too old.
 */
export class Lane<Record> {
  /** "shard 0 of the event stream" */
  readonly name: string;
  readonly #context: LaneContext<Record>;
  readonly #random: Random;
  #pending: Stored<Record>[] = [];
  readonly #handled: Stored<Record>[] = [];
  /** Batches that come again, the next one last. */
  readonly #again: (readonly Stored<Record>[])[] = [];
  #failures = 0;
  #isStarted = false;
  #isClosed = false;
  /** The batch that is being handled. */
  #delivering: readonly Stored<Record>[] | undefined;
  /** The next batch was put off once. */
  #wasLate = false;
  #isPaused = false;
  #timer: Timer | undefined;

  constructor(name: string, context: LaneContext<Record>, random: Random) {
    this.name = name;
    this.#context = context;
    this.#random = random;
  }

  /** Begins to deliver. Before, records only gather. */
  start(): void {
    this.#isStarted = true;
    this.#wake();
  }

  add(stored: Stored<Record>): void {
    this.#pending.push(stored);
    this.#wake();
  }

  /** No more records come. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Looks again whether its consumer is paused. */
  recheck(): void {
    if (!this.#isPaused || this.#timer === undefined) return;
    this.#timer.cancelled = true;
    this.#timer = undefined;
    this.#isPaused = false;
    this.#wake();
  }

  /** The records that were handled after this one, in order. */
  handledAfter(stored: Stored<Record>): readonly Stored<Record>[] {
    return this.#handled.slice(this.#handled.lastIndexOf(stored) + 1);
  }

  /** Nothing waits and nothing is under way. */
  get isDrained(): boolean {
    return this.#delivering === undefined && this.#pending.length === 0 && this.#again.length === 0;
  }

  /** What waits, in words. Undefined: nothing. */
  describe(): string | undefined {
    if (this.isDrained) return undefined;
    const waiting = [...this.#again.toReversed().flat(), ...this.#pending];
    const batch = this.#delivering;
    const states = [
      ...(waiting.length > 0 ? [`waiting: ${this.#textOf(waiting)}`] : []),
      ...(batch === undefined ? [] : [`being handled: ${this.#textOf(batch)}`]),
      ...(this.#isStarted ? [] : ['not started yet: its time or the end of the parent shard is awaited']),
      ...(this.#isPaused ? ['paused'] : []),
      ...(this.#failures > 0 ? [`${countText(this.#failures, 'failure')} so far`] : []),
    ];
    return `${this.#context.consumer}: ${states.join('; ')}`;
  }

  /** Sets a timer for the next delivery, unless there is one. */
  #wake(waitMs?: number): void {
    if (!this.#isStarted || this.#delivering !== undefined || this.#timer !== undefined) return;
    if (this.isDrained) {
      if (this.#isClosed) this.#end();
      return;
    }
    this.#setTimer(waitMs ?? this.#random.between(5, this.#context.pollMaxMs));
  }

  #end(): void {
    this.#isStarted = false;
    this.#context.ended(this);
  }

  #setTimer(waitMs: number): void {
    this.#timer = this.#context.world.time.after(waitMs, () => {
      this.#timer = undefined;
      this.#isPaused = false;
      if (!this.#putOff()) this.#deliver();
    });
  }

  /** Puts the next batch off if a fault says so. */
  #putOff(): boolean {
    const { world, consumer } = this.#context;
    const leftMs = pauseLeftMs(world, consumer);
    if (leftMs !== undefined) {
      if (!this.#isPaused) world.trace.say(consumer, () => `is paused: ${this.name} waits`);
      this.#isPaused = true;
      this.#setTimer(leftMs);
      return true;
    }
    const late = this.#wasLate ? undefined : lateMs(world, consumer, this.#random);
    if (late === undefined) return false;
    this.#wasLate = true;
    world.trace.say(consumer, () => `gets the next batch of ${this.name} ${late / 1_000} s late`);
    this.#setTimer(late);
    return true;
  }

  #deliver(): void {
    const { world, lambda, consumer } = this.#context;
    this.#wasLate = false;
    const batch = this.#nextBatch();
    if (batch.length === 0) {
      this.#wake();
      return;
    }
    this.#delivering = batch;
    const event = { Records: batch.map(({ record }) => record) };
    lambda
      .invoke(consumer, event, () => this.#textOf(batch))
      .then((result) => this.#settle(batch, result))
      // A fault of the simulation itself ends it.
      .catch((error) =>
        world.time.after(0, () => {
          throw error;
        }),
      );
  }

  /** The next batch, without what is too old. */
  #nextBatch(): readonly Stored<Record>[] {
    const { world, consumer, batchSize, placeOf, givenUp } = this.#context;
    const batch = this.#again.pop() ?? this.#pending.splice(0, batchSize);
    return batch.filter(({ record, arrivedMs }) => {
      const ageMs = world.time.nowMs - arrivedMs;
      if (ageMs <= maxRecordAgeMs) return true;
      const place = placeOf(record);
      givenUp.push({ consumer, record, place, ageMs });
      world.trace.say(consumer, () => `never gets ${place}: it is given up after 23 hours`);
      return false;
    });
  }

  #settle(batch: readonly Stored<Record>[], result: InvokeResult): void {
    this.#delivering = undefined;
    const { world } = this.#context;
    const failedAt = result.ok ? lowestFailed(batch, result.result) : 'whole';
    if (failedAt === undefined) {
      world.trace.say(result.instance, () => `has handled ${this.#textOf(batch)}`);
      this.#failures = 0;
      this.#done(batch);
      this.#wake();
      return;
    }
    const first = failedAt === 'whole' ? 0 : failedAt;
    if (first > 0) {
      this.#failures = 0;
      this.#done(batch.slice(0, first));
    }
    this.#failures += 1;
    const again = failedAt === 'whole' ? halves(batch) : [batch.slice(first)];
    this.#again.push(...again.toReversed());
    const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(this.#failures - 1, 10));
    const waitMs = Math.round(longest * (0.5 + this.#random.next() / 2));
    world.trace.say(result.instance, () => {
      const divided = again.length > 1 ? ' in two halves' : '';
      return `could not handle ${this.#textOf(batch.slice(first))}. Again in ${waitMs / 1_000} s${divided}`;
    });
    this.#wake(waitMs);
  }

  #done(batch: readonly Stored<Record>[]): void {
    this.#handled.push(...batch);
    this.#context.handled(this, batch);
  }

  #textOf(batch: readonly Stored<Record>[]): string {
    const placeAt = (index: number) => {
      const stored = batch.at(index);
      return stored && this.#context.placeOf(stored.record);
    };
    const [first, last] = [placeAt(0), placeAt(-1)];
    const places = batch.length > 1 ? `${first} to ${last}` : first;
    return `${countText(batch.length, 'record')} of ${this.name} (${places})`;
  }
}

/** "1 record", "2 records" */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function halves<Item>(batch: readonly Item[]): readonly (readonly Item[])[] {
  if (batch.length === 1) return [batch];
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}

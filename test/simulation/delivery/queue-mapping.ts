import { type Message, type SimulatedQueue, toRecord } from '../services/queue.ts';
import type { Random } from '../world/random.ts';
import type { Timer } from '../world/time.ts';
import type { World } from '../world/world.ts';
import { failedIdentifiers } from './batch-outcome.ts';
import { againMs, lateMs, pauseLeftMs } from './delivery-faults.ts';
import type { InvokeResult, Lambda } from './lambda.ts';
import { countText } from './lane.ts';
import { hiddenMs, type QueueFeed } from './settings.ts';

/** A message waits for this time before it is received, in ms. */
const pollMs = [5, 150] as const;

/** How a queue feeds a function. */
export interface QueueMappingProps {
  readonly world: World;
  readonly lambda: Lambda;
  readonly queue: SimulatedQueue;
  readonly feed: QueueFeed;
  /** The content of a message in words, such as "ledger/acc-1@4". */
  readonly placeOf: (message: Message) => string;
}

/** Delivers the messages of a queue to one function, in any order. What fails stays hidden, and comes again. */
export class QueueMapping {
  readonly #props: QueueMappingProps;
  readonly #random: Random;
  #inFlight = 0;
  #isPaused = false;
  #timer: Timer | undefined;
  #timerMs = 0;

  constructor(props: QueueMappingProps) {
    this.#props = props;
    const { world, queue } = props;
    this.#random = world.random.of(`queue ${queue.name}`);
    queue.onSend((message) => {
      this.#maybeLate(message);
      this.#wake();
    });
    this.#wake();
  }

  /** Nothing is undelivered, in flight or waiting. Dead letters do not count. */
  get isDrained(): boolean {
    return this.#props.queue.size === 0 && this.#inFlight === 0;
  }

  /** What waits, a sentence each. */
  describe(): readonly string[] {
    if (this.isDrained) return [];
    const { world, queue, feed } = this.#props;
    const { waiting, hidden } = queue.depth(world.time.nowMs);
    const why = this.#isPaused ? ' (it is paused)' : '';
    return [
      `${feed.consumer}: ${waiting} messages of the queue ${queue.name} wait, ${hidden} are hidden, ` +
        `${this.#inFlight} batches are being handled${why}`,
    ];
  }

  /** Looks again whether the consumer is paused. */
  recheck(): void {
    if (!this.#isPaused) return;
    this.#cancelTimer();
    this.#isPaused = false;
    this.#wake();
  }

  #maybeLate(message: Message): void {
    const { world, feed, placeOf } = this.#props;
    const late = lateMs(world, feed.consumer, this.#random);
    if (late === undefined) return;
    message.visibleMs += late;
    world.trace.say(feed.consumer, () => `gets ${placeOf(message)} ${late / 1_000} s late, or later`);
  }

  /** Sets a timer for the next message that can be received, unless there is an earlier one. */
  #wake(): void {
    const { world, queue, feed } = this.#props;
    if (this.#isPaused || this.#inFlight >= feed.maxConcurrency) return;
    const next = queue.nextVisibleMs;
    if (next === undefined) return;
    const atMs = Math.max(next, world.time.nowMs);
    if (this.#timer !== undefined && this.#timerMs <= atMs + pollMs[1]) return;
    this.#setTimer(atMs - world.time.nowMs + this.#random.between(...pollMs));
  }

  #setTimer(waitMs: number): void {
    this.#cancelTimer();
    const { time } = this.#props.world;
    this.#timerMs = time.nowMs + waitMs;
    this.#timer = time.after(waitMs, () => {
      this.#timer = undefined;
      this.#isPaused = false;
      this.#receive();
    });
  }

  #cancelTimer(): void {
    if (this.#timer) this.#timer.cancelled = true;
    this.#timer = undefined;
  }

  #receive(): void {
    const { world, queue, feed } = this.#props;
    const { nowMs } = world.time;
    if ((queue.nextVisibleMs ?? Number.POSITIVE_INFINITY) > nowMs) {
      this.#wake();
      return;
    }
    const leftMs = pauseLeftMs(world, feed.consumer);
    if (leftMs !== undefined) {
      world.trace.say(feed.consumer, () => `is paused: the queue ${queue.name} waits`);
      this.#isPaused = true;
      this.#setTimer(leftMs);
      return;
    }
    const dead = queue.deadLetters.length;
    const max = this.#random.between(1, feed.batchSize);
    const batch = queue.receive({ max, nowMs, hiddenMs: hiddenMs(feed), random: this.#random });
    for (const message of queue.deadLetters.slice(dead)) this.#sayDead(message);
    if (batch.length > 0) this.#deliver(batch);
    this.#wake();
  }

  #deliver(batch: readonly Message[]): void {
    const { world, lambda, queue, feed } = this.#props;
    for (const message of batch) this.#maybeRepeat(message);
    this.#inFlight += 1;
    const event = { Records: batch.map((message) => toRecord(message, queue)) };
    lambda
      .invoke(feed.consumer, event, () => this.#textOf(batch))
      .then((result) => this.#settle(batch, result))
      // A fault of the simulation itself ends it.
      .catch((error) =>
        world.time.after(0, () => {
          throw error;
        }),
      );
  }

  #settle(batch: readonly Message[], result: InvokeResult): void {
    this.#inFlight -= 1;
    const { world, queue } = this.#props;
    const failed = failedOf(batch, result);
    const handled = batch.filter((message) => !failed.includes(message));
    for (const message of handled) queue.delete(message);
    if (handled.length > 0) world.trace.say(result.instance, () => `has handled ${this.#textOf(handled)}`);
    if (failed.length > 0) {
      world.trace.say(
        result.instance,
        () => `could not handle ${this.#textOf(failed)}. Again when it is visible`,
      );
    }
    this.#wake();
  }

  /** A standard queue may deliver a message twice, also at the same time. */
  #maybeRepeat(message: Message): void {
    const { world, queue, feed } = this.#props;
    const waitMs = againMs(world, feed.consumer, this.#random);
    if (waitMs !== undefined) queue.repeat(message, world.time.nowMs + waitMs);
  }

  #sayDead(message: Message): void {
    const { world, feed, placeOf } = this.#props;
    world.trace.say(
      feed.consumer,
      () => `never gets ${placeOf(message)} again: it failed ${message.receives} times, and is a dead letter`,
    );
  }

  #textOf(batch: readonly Message[]): string {
    const { queue, placeOf } = this.#props;
    return `${countText(batch.length, 'message')} of the queue ${queue.name} (${batch.map(placeOf).join(', ')})`;
  }
}

/** The messages that were not handled: those that the answer names. All, if the function failed or names others. */
function failedOf(batch: readonly Message[], result: InvokeResult): readonly Message[] {
  if (!result.ok) return batch;
  const identifiers = failedIdentifiers(result.result) ?? [];
  const isKnown = identifiers.every((identifier) => batch.some(({ id }) => id === identifier));
  return isKnown ? batch.filter(({ id }) => identifiers.includes(id)) : batch;
}

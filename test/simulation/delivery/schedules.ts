import type { FunctionName } from '../world/faults.ts';
import type { Timer } from '../world/time.ts';
import type { World } from '../world/world.ts';
import type { Lambda } from './lambda.ts';

/** Time between two runs, in ms. */
const everyMs = 60_000;
/** After this number of runs without anything else happening, the time between runs doubles, up to the longest one, in ms. */
const [quietRunsMax, longestMs] = [5, 30 * 60_000];

/** The functions that run every minute. */
export const scheduled = ['publisher', 'metrics-sweeper'] as const satisfies readonly FunctionName[];

/** The schedule of one function. */
interface Schedule {
  readonly name: FunctionName;
  timer: Timer;
  /** Runs since something else was invoked. */
  quietRuns: number;
}

/**
 * Runs functions every minute, until it is stopped. While nothing else is invoked, runs become rare, so that hours in which
 * nothing happens cost nothing. A schedule promises no run: the next one does what was missed.
 */
export class Schedules {
  readonly #world: World;
  readonly #lambda: Lambda;
  #schedules: Schedule[] = [];
  #isInvoking = false;
  #running = 0;

  constructor(world: World, lambda: Lambda) {
    this.#world = world;
    this.#lambda = lambda;
    lambda.onInvoke(() => {
      if (!this.#isInvoking) this.#hurry();
    });
  }

  /** Begins to run the functions: each at its own second of the minute. */
  start(functions: readonly FunctionName[] = scheduled): void {
    for (const name of functions) {
      const waitMs = this.#world.random.of(`schedule of ${name}`).under(everyMs);
      const schedule: Schedule = { name, quietRuns: 0, timer: { cancelled: false } };
      this.#schedules.push(schedule);
      this.#setTimer(schedule, waitMs);
    }
  }

  /** Runs no function any more. Those that run end by themselves. */
  stop(): void {
    for (const { timer } of this.#schedules) timer.cancelled = true;
    this.#schedules = [];
  }

  /** No scheduled run is under way. */
  get isDrained(): boolean {
    return this.#running === 0;
  }

  #setTimer(schedule: Schedule, waitMs: number): void {
    schedule.timer.cancelled = true;
    schedule.timer = this.#world.time.after(waitMs, () => {
      schedule.quietRuns += 1;
      const doublings = Math.max(0, schedule.quietRuns - quietRunsMax);
      this.#setTimer(schedule, Math.min(longestMs, everyMs * 2 ** doublings));
      this.#run(schedule.name);
    });
  }

  /** Something is invoked: runs are no longer rare. */
  #hurry(): void {
    for (const schedule of this.#schedules) {
      const wasRare = schedule.quietRuns > quietRunsMax;
      schedule.quietRuns = 0;
      if (wasRare) this.#setTimer(schedule, everyMs);
    }
  }

  #run(name: FunctionName): void {
    const event = { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [], detail: {} };
    this.#running += 1;
    this.#isInvoking = true;
    const ended = this.#lambda.invoke(name, event, () => 'the event of its schedule');
    this.#isInvoking = false;
    ended.then(() => {
      this.#running -= 1;
    });
  }
}

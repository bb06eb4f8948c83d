import type { FunctionName } from '../world/faults.ts';
import type { Timer } from '../world/time.ts';
import type { World } from '../world/world.ts';
import type { Lambda } from './lambda.ts';

/** Time between two runs, in ms. */
const everyMs = 60_000;
/** After this number of runs without anything else happening, the time between runs doubles, up to the longest one, in ms. */
const [quietRuns, longestMs] = [5, 30 * 60_000];

/** The functions that run every minute. */
export const scheduled = ['publisher', 'metrics-sweeper'] as const satisfies readonly FunctionName[];

/**
 * Runs functions every minute, until it is stopped. While nothing else is invoked, it skips most runs: so that hours in which
 * nothing happens cost nothing. A schedule promises no run: what one misses, the next one does.
 */
export class Schedules {
  readonly #world: World;
  readonly #lambda: Lambda;
  readonly #timers = new Map<FunctionName, Timer>();
  #own = 0;
  #running = 0;

  constructor(world: World, lambda: Lambda) {
    this.#world = world;
    this.#lambda = lambda;
  }

  /** Begins to run the functions: each at its own second of the minute. */
  start(functions: readonly FunctionName[] = scheduled): void {
    for (const name of functions) {
      const random = this.#world.random.of(`schedule of ${name}`);
      this.#after(name, random.under(everyMs), 0, this.#others);
    }
  }

  /** Runs no function any more. Those that run end by themselves. */
  stop(): void {
    for (const timer of this.#timers.values()) timer.cancelled = true;
    this.#timers.clear();
  }

  /** No scheduled run is under way. */
  get isDrained(): boolean {
    return this.#running === 0;
  }

  /** Invocations by others. */
  get #others(): number {
    let all = 0;
    for (const count of this.#lambda.invocations.values()) all += count;
    return all - this.#own;
  }

  #after(name: FunctionName, waitMs: number, quiet: number, others: number): void {
    const timer = this.#world.time.after(waitMs, () => {
      const isQuiet = this.#others === others;
      const nowQuiet = isQuiet ? quiet + 1 : 0;
      const nextMs = Math.min(longestMs, everyMs * 2 ** Math.max(0, nowQuiet - quietRuns));
      this.#after(name, nextMs, nowQuiet, this.#others);
      this.#run(name);
    });
    this.#timers.set(name, timer);
  }

  #run(name: FunctionName): void {
    this.#own += 1;
    this.#running += 1;
    const event = { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [], detail: {} };
    this.#lambda
      .invoke(name, event, () => 'the event of its schedule')
      .then(() => {
        this.#running -= 1;
      });
  }
}

import { setImmediate } from 'node:timers/promises';

interface Timer {
  readonly atMs: number;
  readonly resolve: () => void;
}

/**
 * Time for specs in which many things happen at once. It stands still while code runs, and then advances to the next
 * timer. So hours pass in moments, and the order of events depends on nothing but the delays.
 */
export class SimulatedTime {
  #nowMs: number;
  readonly #timers: Timer[] = [];

  /** `start`: ISO 8601. */
  constructor(start: string) {
    this.#nowMs = Date.parse(start);
  }

  /** In ms since 1970. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Resolves after `ms` milliseconds of this time, rounded. Timers of the same instant resolve in the order of their creation. */
  readonly delay = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = { atMs: this.#nowMs + Math.max(0, Math.round(ms)), resolve };
      const later = this.#timers.findIndex(({ atMs }) => atMs > timer.atMs);
      this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    });

  /** Advances until the work has ended, and returns its result. Throws if the work waits for something else than time. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let hasEnded = false;
    const end = () => {
      hasEnded = true;
    };
    work.then(end, end);
    for (;;) {
      // All code that can run now runs before this resolves.
      await setImmediate();
      if (hasEnded) return work;
      const timer = this.#timers.shift();
      if (timer === undefined) throw new Error('The work waits for something else than time.');
      this.#nowMs = timer.atMs;
      timer.resolve();
    }
  }
}

/** A timer that can be cancelled. */
export interface Timer {
  cancelled: boolean;
}

interface Entry extends Timer {
  readonly atMs: number;
  readonly order: number;
  readonly action: () => void;
}

/**
 * The time of a simulation. It stands still while code runs, and then advances to the next timer. So hours pass in moments, and the
 * order of everything depends on nothing but the timers. Timers of the same instant run in the order of their creation.
 */
export class SimulatedTime {
  #nowMs: number;
  #orders = 0;
  readonly #heap: Entry[] = [];

  /** `startMs`: in ms since 1970. */
  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** In ms since 1970, whole. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs an action after `ms` milliseconds, rounded to whole ones. */
  after(ms: number, action: () => void): Timer {
    this.#orders += 1;
    const atMs = this.#nowMs + Math.max(0, Math.round(ms));
    const entry: Entry = { atMs, order: this.#orders, action, cancelled: false };
    this.#push(entry);
    return entry;
  }

  /**
   * Lets time pass until `isOver`, which is asked before each timer. Returns false if no timer is left before that: what
   * still runs waits for something else than time.
   */
  run(isOver: () => boolean): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const step = () => {
        try {
          if (isOver()) return resolve(true);
          const timer = this.#pop();
          if (timer === undefined) return resolve(false);
          this.#nowMs = timer.atMs;
          timer.action();
        } catch (error) {
          return reject(error);
        }
        // All code that can run now runs before the next step: it waits for promises only.
        setImmediate(step);
      };
      setImmediate(step);
    });
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  /** The next timer that is not cancelled. */
  #pop(): Entry | undefined {
    for (;;) {
      const [first] = this.#heap;
      const last = this.#heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (this.#heap.length > 0) this.#sink(last);
      if (!first.cancelled) return first;
    }
  }

  /** Puts an entry at the top and lets it sink to its place. */
  #sink(entry: Entry): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right] as Entry, heap[left] as Entry) ? right : left;
      if (!isBefore(heap[child] as Entry, entry)) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = entry;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

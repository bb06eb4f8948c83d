const [nextIndex, endIndex] = [0, 1];

/** The seeds of a run, which threads take one after the other. The threads share its memory. */
export class SeedQueue {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;
  readonly #from: number;

  /** `memory`: of the queue of another thread. */
  constructor(from: number, memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(8);
    this.#cells = new Int32Array(this.memory);
    this.#from = from;
    if (memory === undefined) this.#cells[endIndex] = 2 ** 31 - 1;
  }

  /** The next seed. Undefined: there is none. */
  take(): number | undefined {
    const index = Atomics.add(this.#cells, nextIndex, 1);
    return index < Atomics.load(this.#cells, endIndex) ? this.#from + index : undefined;
  }

  /** Ends the queue before this seed. Seeds that were taken already are not affected. */
  endBefore(seed: number): void {
    const end = Math.max(0, seed - this.#from);
    for (;;) {
      const present = Atomics.load(this.#cells, endIndex);
      if (end >= present || Atomics.compareExchange(this.#cells, endIndex, present, end) === present) return;
    }
  }

  /** Gives out no further seed. */
  stop(): void {
    this.endBefore(this.#from);
  }
}

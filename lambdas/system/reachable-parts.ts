/** Reads the parts of the system, and remembers which of them cannot be read. */
export class ReachableParts<Part extends string> {
  readonly #unreachable = new Set<Part>();
  readonly #warn: (message: string, error: unknown) => void;

  constructor(warn: (message: string, error: unknown) => void) {
    this.#warn = warn;
  }

  /** The parts that could not be read, each once. */
  get unreachable(): readonly Part[] {
    return [...this.#unreachable];
  }

  /** What `read` returns; undefined if it throws. Then the part is unreachable. Warns once for each part. */
  async read<Value>(part: Part, read: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!this.#unreachable.has(part)) this.#warn(`The health check could not read a part: ${part}.`, error);
      this.#unreachable.add(part);
      return undefined;
    }
  }
}

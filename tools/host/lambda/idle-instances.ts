import type { FunctionInstance } from './instance.ts';

/** How long instances without work live. */
export interface IdleLimits {
  /** Of the instances that were not the last to work, in ms. */
  readonly spareMs: number;
  /** Of the instance that worked last, in ms. Then the function has none, and its next invocation starts one. */
  readonly lastMs: number;
}

interface Idle {
  readonly instance: FunctionInstance;
  readonly hasWorked: boolean;
  readonly sinceMs: number;
  timer: NodeJS.Timeout | undefined;
}

/** The instances of one function that have no work. The one that worked last is taken first, so that the others can end. */
export class IdleInstances {
  readonly #limits: IdleLimits;
  /** The last one worked last. */
  readonly #items: Idle[] = [];

  constructor(limits: IdleLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#items.length;
  }

  /** @param hasWorked false: it was only started to see whether its code loads, and ends as a spare one. */
  put(instance: FunctionInstance, hasWorked = true): void {
    const item: Idle = { instance, hasWorked, sinceMs: performance.now(), timer: undefined };
    this.#items.push(item);
    // Not while its code loads: a load that hangs must be noticed, and not be ended before.
    void instance.loaded().then(() => {
      if (!this.#items.includes(item)) return;
      item.timer = setInterval(() => this.#endIfDue(item), this.#limits.spareMs);
      item.timer.unref();
    });
  }

  /** Undefined when no instance is idle. */
  take(): FunctionInstance | undefined {
    for (let item = this.#items.pop(); item !== undefined; item = this.#items.pop()) {
      clearInterval(item.timer);
      if (item.instance.isAlive) return item.instance;
    }
    return undefined;
  }

  /** Ends all of them. */
  async stop(): Promise<void> {
    const items = this.#items.splice(0);
    for (const { timer } of items) clearInterval(timer);
    await Promise.all(items.map(({ instance }) => instance.stop()));
  }

  #endIfDue(item: Idle): void {
    const workedLast = item.hasWorked && item === this.#items.at(-1);
    if (workedLast && performance.now() - item.sinceMs < this.#limits.lastMs && item.instance.isAlive) return;
    clearInterval(item.timer);
    this.#items.splice(this.#items.indexOf(item), 1);
    void item.instance.stop();
  }
}

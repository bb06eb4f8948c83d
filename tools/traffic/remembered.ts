/** Acknowledged commands to repeat are drawn from so many at least; a key is good for more commands than twice these. */
const rememberedMax = 500;

/** The latest of what was added, in memory that does not grow with the run. */
export class Remembered<Item> {
  readonly #items: Item[] = [];

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length > 2 * rememberedMax) this.#items.splice(0, rememberedMax);
  }

  /** `fraction`: which, as a fraction of those remembered, in [0, 1). Undefined where there is nothing yet. */
  at(fraction: number): Item | undefined {
    return this.#items[Math.floor(fraction * this.#items.length)];
  }
}

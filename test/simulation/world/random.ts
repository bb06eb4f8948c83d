/** Numbers of one source of a simulation: the same for the same seed and name. */
export class Random {
  #state: number;
  readonly #seed: number;
  readonly #name: string;

  /** `name`: of what draws. Sources with other names give other numbers, so one that draws more or less changes no other. */
  constructor(seed: number, name: string) {
    this.#seed = seed;
    this.#name = name;
    this.#state = hashOf(`${seed}:${name}`);
  }

  /** A source for a part of what this one is for. */
  of(part: string | number): Random {
    return new Random(this.#seed, `${this.#name}/${part}`);
  }

  /** From 0 (included) to 1 (excluded). Mulberry32. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    const state = this.#state;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** A whole number from 0 to below `limit`. */
  under(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from `lowest` to `highest`, both included. */
  between(lowest: number, highest: number): number {
    return lowest + this.under(highest - lowest + 1);
  }

  /** True with this probability. Draws a number in any case. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the values. Throws if there is none. */
  pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new RangeError('There is nothing to pick from.');
    return values[this.under(values.length)] as Value;
  }

  /** An id in the form of a UUIDv7, which counts ms since 1970 in its first part. */
  uuid(nowMs: number): string {
    const hex = () =>
      Math.floor(this.next() * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0');
    const time = nowMs.toString(16).padStart(12, '0');
    const [a, b] = [hex(), hex()];
    return `${time.slice(0, 8)}-${time.slice(8)}-7${a.slice(0, 3)}-8${a.slice(4, 7)}-${b}${hex().slice(0, 4)}`;
  }
}

/** 32 bits of a text (FNV-1a, mixed once more, so that similar names give unlike numbers). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

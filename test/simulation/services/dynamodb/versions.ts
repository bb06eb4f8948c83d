import type { KeyTexts } from './keys.ts';
import type { StoredItem } from './values.ts';

/** An item from one instant until another. */
export interface Version extends StoredItem {
  readonly entry: Entry;
  readonly fromMs: number;
  /** Infinity: it is the current one. */
  untilMs: number;
}

/** What is stored under one key, now and a short time ago. */
export class Entry {
  readonly key: KeyTexts;
  current: Version | undefined;
  /** Oldest first. Their times do not overlap. */
  readonly past: Version[] = [];

  constructor(key: KeyTexts) {
    this.key = key;
  }

  get isEmpty(): boolean {
    return this.current === undefined && this.past.length === 0;
  }

  /** `atMs`: Infinity is the current version. A change in a millisecond is seen in all of it. */
  at(atMs: number): Version | undefined {
    if (this.current !== undefined && (atMs === Infinity || this.current.fromMs <= atMs)) return this.current;
    if (atMs === Infinity) return undefined;
    return this.past.find((version) => isAt(version, atMs));
  }
}

/** Whether a version is what a read at this instant sees. */
export function isAt({ fromMs, untilMs }: Version, atMs: number): boolean {
  return atMs === Infinity ? untilMs === Infinity : fromMs <= atMs && atMs < untilMs;
}

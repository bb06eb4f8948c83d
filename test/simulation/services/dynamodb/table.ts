import { type Item, type ItemChange, NotSimulatedError, type TableDefinition } from './definitions.ts';
import { KeySchema, type KeyTexts } from './keys.ts';
import { compareTexts } from './order.ts';
import { SecondaryIndex } from './secondary-index.ts';
import { invalid } from './service-errors.ts';
import { lowerBound } from './sorted.ts';
import { areSameItems, readable, type StoredItem } from './values.ts';
import { Entry, type Version } from './versions.ts';

/** The entries of one partition key, in the order of their sort keys. */
export interface Partition {
  readonly key: string;
  /** Its place in a scan, from 0 up to {@link hashEnd}. */
  readonly hash: number;
  readonly entries: Entry[];
}

/** Hashes of partition keys are below it. */
export const hashEnd = 2 ** 32;

interface TableOptions {
  /** How long a read may lag, in ms. Older versions are forgotten. */
  readonly staleMaxMs: number;
  readonly onChange: (change: ItemChange) => void;
}

/** One table: its items now, and what they were up to `staleMaxMs` ago. */
export class Table {
  readonly definition: TableDefinition;
  readonly schema: KeySchema;
  readonly indexes: ReadonlyMap<string, SecondaryIndex>;
  readonly #options: TableOptions;
  readonly #partitions = new Map<string, Partition>();
  /** In the order of a scan. */
  readonly #scanned: Partition[] = [];
  /** Versions that are no longer current, in the order of time. */
  #replaced: Version[] = [];
  #forgotten = 0;

  constructor(definition: TableDefinition, options: TableOptions) {
    this.definition = definition;
    this.schema = new KeySchema(definition);
    this.#options = options;
    this.indexes = new Map(
      (definition.indexes ?? []).map((index) => [index.name, new SecondaryIndex(index, this.schema)]),
    );
  }

  /** The instant that an eventually consistent read sees. Infinity: now. */
  instant(nowMs: number, staleMs: number): number {
    if (staleMs === 0) return Infinity;
    if (staleMs > 0 && staleMs <= this.#options.staleMaxMs) return nowMs - staleMs;
    throw new NotSimulatedError(
      `A read that is ${staleMs} ms old; the maximum is ${this.#options.staleMaxMs} ms.`,
    );
  }

  partition(key: string): Partition | undefined {
    return this.#partitions.get(key);
  }

  /** All partitions in the order of a scan, also some whose items were deleted. */
  get scanned(): readonly Partition[] {
    return this.#scanned;
  }

  find(key: KeyTexts, atMs: number): Version | undefined {
    return this.#entry(key)?.at(atMs);
  }

  /** Throws if an attribute of the item cannot be a key of an index. */
  requireIndexKeys(item: Item): void {
    for (const { schema } of this.indexes.values()) schema.ofSparse(item);
  }

  /** Sets or deletes (`after`: undefined) an item. Reports a change unless the item is the same after it. */
  change(key: KeyTexts, after: StoredItem | undefined, nowMs: number): void {
    this.#forget(nowMs);
    const before = this.find(key, Infinity);
    if (before === undefined ? after === undefined : after && areSameItems(before.item, after.item)) return;
    const entry = this.#entry(key) ?? this.#newEntry(key);
    if (before !== undefined) this.#replace(before, nowMs);
    entry.current = after && { ...after, entry, fromMs: nowMs, untilMs: Infinity };
    if (entry.current !== undefined) for (const index of this.indexes.values()) index.add(entry.current);
    this.#options.onChange({
      ...{ table: this.definition.name, key: Object.freeze(this.schema.toItem(key)), nowMs },
      ...(before && { before: readable(before) }),
      ...(after && { after: readable(after) }),
    });
  }

  #replace(version: Version, nowMs: number): void {
    version.untilMs = nowMs;
    version.entry.past.push(version);
    this.#replaced.push(version);
  }

  /** Forgets versions that no read can see any more. */
  #forget(nowMs: number): void {
    const lastMs = nowMs - this.#options.staleMaxMs;
    for (;;) {
      const version = this.#replaced[this.#forgotten];
      if (version === undefined || version.untilMs > lastMs) break;
      this.#forgotten += 1;
      for (const index of this.indexes.values()) index.remove(version);
      // The versions of an entry are forgotten in the order of time too.
      version.entry.past.shift();
      if (version.entry.isEmpty) this.#removeEntry(version.entry);
    }
    if (this.#forgotten < 1_000) return;
    this.#replaced = this.#replaced.slice(this.#forgotten);
    this.#forgotten = 0;
  }

  #entry({ partition, sort }: KeyTexts): Entry | undefined {
    const found = this.#partitions.get(partition);
    if (found === undefined) return undefined;
    const entry = found.entries[this.positionOf(found, sort)];
    return entry?.key.sort === sort ? entry : undefined;
  }

  /** The first position in a partition that is not before this sort key. */
  positionOf({ entries }: Partition, sort: string): number {
    const last = entries.at(-1);
    // Most writes are at the end.
    if (last !== undefined && this.schema.compare(last.key.sort, sort) < 0) return entries.length;
    return lowerBound(entries, ({ key }) => this.schema.compare(key.sort, sort));
  }

  /** The first position in {@link scanned} that is not before a partition key. */
  scanPositionOf(key: string): number {
    const hash = hashOf(key);
    return lowerBound(this.#scanned, (other) => other.hash - hash || compareTexts(other.key, key));
  }

  #newEntry(key: KeyTexts): Entry {
    let partition = this.#partitions.get(key.partition);
    if (partition === undefined) {
      partition = { key: key.partition, hash: hashOf(key.partition), entries: [] };
      this.#partitions.set(key.partition, partition);
      this.#scanned.splice(this.scanPositionOf(key.partition), 0, partition);
    }
    const entry = new Entry(key);
    partition.entries.splice(this.positionOf(partition, key.sort), 0, entry);
    return entry;
  }

  #removeEntry({ key }: Entry): void {
    const partition = this.#partitions.get(key.partition);
    if (partition === undefined) return;
    partition.entries.splice(this.positionOf(partition, key.sort), 1);
    if (partition.entries.length > 0) return;
    this.#partitions.delete(key.partition);
    this.#scanned.splice(this.scanPositionOf(key.partition), 1);
  }
}

/** FNV-1a, with the bits mixed once more, so that short keys are spread over all segments. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const itemMaxBytes = 400 * 1024;

export function requireSize({ bytes }: StoredItem): void {
  if (bytes > itemMaxBytes) throw invalid('Item size has exceeded the maximum allowed size');
}

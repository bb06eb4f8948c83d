import type { IndexDefinition } from './definitions.ts';
import { KeySchema, type KeyTexts } from './keys.ts';
import { compareTexts } from './order.ts';
import { lowerBound } from './sorted.ts';
import type { Version } from './versions.ts';

/** A version of an item in an index. */
export interface Posting {
  readonly sort: string;
  readonly version: Version;
}

/** A place in a partition of an index: the sort key, then the key in the table. */
export interface IndexPlace {
  readonly sort: string;
  readonly key: KeyTexts;
}

/** A global secondary index with only keys. It also has the versions of a short time ago. */
export class SecondaryIndex {
  readonly schema: KeySchema;
  readonly #compareKeys: (a: string, b: string) => number;
  readonly #partitions = new Map<string, Posting[]>();

  /** `table`: schema of the table. */
  constructor(definition: IndexDefinition, table: KeySchema) {
    this.schema = KeySchema.ofIndex(definition);
    this.#compareKeys = table.compare;
  }

  /** The versions in a partition, in the order of their places. */
  postings(partition: string): readonly Posting[] {
    return this.#partitions.get(partition) ?? [];
  }

  add(version: Version): void {
    const key = this.schema.ofSparse(version.item);
    if (key === undefined) return;
    const postings = this.#partitions.get(key.partition);
    const posting = { sort: key.sort, version };
    if (postings === undefined) this.#partitions.set(key.partition, [posting]);
    else postings.splice(this.#positionOf(postings, posting), 0, posting);
  }

  remove(version: Version): void {
    const key = this.schema.ofSparse(version.item);
    const postings = key && this.#partitions.get(key.partition);
    if (key === undefined || postings === undefined) return;
    let position = this.#positionOf(postings, { sort: key.sort, version });
    while (postings[position]?.version !== version) position += 1;
    postings.splice(position, 1);
    if (postings.length === 0) this.#partitions.delete(key.partition);
  }

  /** Order of a posting and a place. */
  compare(posting: Posting, place: IndexPlace): number {
    const { key } = posting.version.entry;
    return (
      compareTexts(posting.sort, place.sort) ||
      compareTexts(key.partition, place.key.partition) ||
      this.#compareKeys(key.sort, place.key.sort)
    );
  }

  #positionOf(postings: readonly Posting[], { sort, version }: Posting): number {
    const place = { sort, key: version.entry.key };
    return lowerBound(postings, (posting) => this.compare(posting, place));
  }
}

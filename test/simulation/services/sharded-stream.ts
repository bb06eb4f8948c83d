/** One record of a stream, in the form in which Lambda delivers it. */
export interface Stored<Record> {
  readonly record: Record;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** In ms since 1970, by the service's clock. */
  readonly arrivedMs: number;
}

/** A part of a stream, which keeps the order of its records. */
export class Shard<Record> {
  readonly id: string;
  /** The shard from whose split it came. */
  readonly parent: Shard<Record> | undefined;
  /** The hashes of its partition keys: from `from` (included) to `to` (excluded). */
  readonly from: number;
  readonly to: number;
  readonly records: Stored<Record>[] = [];
  /** It was split: no record is added any more. */
  isClosed = false;

  constructor(number: number, from: number, to: number, parent?: Shard<Record>) {
    this.id = `shardId-${String(number).padStart(12, '0')}`;
    this.from = from;
    this.to = to;
    this.parent = parent;
  }
}

/** Told about a stream by {@link ShardedStream.watch}. */
export interface StreamWatcher<Record> {
  /** A record was added to the shard. */
  added(shard: Shard<Record>, stored: Stored<Record>): void;
  /** The shard was closed, and its children exist. */
  split(parent: Shard<Record>, children: readonly Shard<Record>[]): void;
}

/** Makes a record in the form in which Lambda delivers it. */
export type MakeRecord<Content, Record> = (
  content: Content,
  place: { readonly shardId: string; readonly sequenceNumber: string; readonly nowMs: number },
) => Record;

/** Number of different hashes. */
const hashes = 2 ** 32;

/** A stream of records in shards, as DynamoDB Streams and Kinesis have them. */
export class ShardedStream<Content, Record> {
  readonly #make: MakeRecord<Content, Record>;
  readonly #firstNumber: bigint;
  readonly #shards: Shard<Record>[] = [];
  readonly #watchers: StreamWatcher<Record>[] = [];
  #count = 0;

  /** `firstNumber`: the sequence number of the first record. Later ones are higher, also in other shards. */
  constructor(shards: number, firstNumber: bigint, make: MakeRecord<Content, Record>) {
    this.#make = make;
    this.#firstNumber = firstNumber;
    for (let number = 0; number < shards; number += 1) {
      const limit = (part: number) => Math.floor((hashes * part) / shards);
      this.#shards.push(new Shard(number, limit(number), limit(number + 1)));
    }
  }

  /** All shards, parents before their children. */
  get shards(): readonly Shard<Record>[] {
    return this.#shards;
  }

  /** Those that take records. */
  get openShards(): readonly Shard<Record>[] {
    return this.#shards.filter(({ isClosed }) => !isClosed);
  }

  watch(watcher: StreamWatcher<Record>): void {
    this.#watchers.push(watcher);
  }

  /** Adds a record to the open shard of its partition key. */
  add(partitionKey: string, content: Content, nowMs: number): { shardId: string; sequenceNumber: string } {
    const hash = hashOf(partitionKey);
    const shard = this.#shards.find(({ isClosed, from, to }) => !isClosed && hash >= from && hash < to);
    if (shard === undefined) throw new Error('The open shards do not cover all partition keys.');
    const sequenceNumber = String(this.#firstNumber + BigInt(this.#count));
    this.#count += 1;
    const record = this.#make(content, { shardId: shard.id, sequenceNumber, nowMs });
    const stored = { record, sequenceNumber, partitionKey, arrivedMs: nowMs };
    shard.records.push(stored);
    for (const watcher of this.#watchers) watcher.added(shard, stored);
    return { shardId: shard.id, sequenceNumber };
  }

  /** Closes an open shard. From now on two others take its partition keys. */
  split(parent: Shard<Record>): void {
    if (parent.isClosed) throw new Error(`${parent.id} was split before.`);
    parent.isClosed = true;
    const middle = Math.floor((parent.from + parent.to) / 2);
    const number = this.#shards.length;
    const children = [
      new Shard(number, parent.from, middle, parent),
      new Shard(number + 1, middle, parent.to, parent),
    ];
    this.#shards.push(...children);
    for (const watcher of this.#watchers) watcher.split(parent, children);
  }
}

/** 32 bits of a partition key (FNV-1a, mixed, so that similar keys are spread). */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

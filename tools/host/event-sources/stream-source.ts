import type { AwsClient } from '../aws-json.ts';

/** A record of a shard, ready to be put into an event. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  /** Epoch ms. */
  readonly arrivedAtMs: number;
  /** Characters of JSON that it adds to an event. */
  readonly size: number;
  /** The record as the event's `Records` contain it. */
  readonly eventRecord: object;
  /** What filter patterns are matched against. */
  readonly filtered: () => object;
}

/** The event that delivers records to a function. */
export function eventOf(records: readonly StreamRecord[]): { Records: object[] } {
  return { Records: records.map(({ eventRecord }) => eventRecord) };
}

/** A shard of a stream. */
export interface Shard {
  readonly id: string;
  /** Shards that must be read to their end first. */
  readonly parentIds: readonly string[];
}

/** One read of a shard. */
export interface ReadResult {
  readonly records: readonly StreamRecord[];
  /** Undefined at the end of a closed shard. */
  readonly nextIterator: string | undefined;
}

/** One stream, of DynamoDB or of Kinesis. */
export interface StreamSource {
  listShards(): Promise<Shard[]>;
  /** An iterator after the record with the sequence number `after`; undefined: at the beginning of the shard. */
  iteratorAt(shardId: string, after: string | undefined): Promise<string>;
  read(shardId: string, iterator: string, limit: number): Promise<ReadResult>;
}

/** What the APIs of DynamoDB Streams and Kinesis do differently. */
export interface StreamApi<WireRecord> {
  readonly client: AwsClient;
  /** The parameter that names the stream. */
  readonly stream: Readonly<Record<string, string>>;
  readonly sequenceNumberParameter: 'SequenceNumber' | 'StartingSequenceNumber';
  /** Maximum records of one read. */
  readonly recordsPerRead: number;
  /** One page of shards; `next` is undefined on the last page. */
  listPage(start: string | undefined): Promise<{ shards: WireShard[]; next: string | undefined }>;
  toRecord(wire: WireRecord, shardId: string): StreamRecord;
  /** Overrides the iterator for the next read; `next` is undefined at the end of the shard. */
  nextIterator?(current: string, next: string | undefined, count: number): string | undefined;
}

export interface WireShard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
}

/** Reads a stream by the operations that DynamoDB Streams and Kinesis share. */
export function streamSource<WireRecord>(api: StreamApi<WireRecord>): StreamSource {
  const { client, stream, sequenceNumberParameter, recordsPerRead } = api;
  return {
    async listShards() {
      const found: Shard[] = [];
      let start: string | undefined;
      do {
        const { shards, next } = await api.listPage(start);
        found.push(...shards.map(toShard));
        start = next;
      } while (start !== undefined);
      return found;
    },

    async iteratorAt(ShardId, after) {
      const position =
        after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', [sequenceNumberParameter]: after };
      const { ShardIterator } = await client.call<{ ShardIterator: string }>('GetShardIterator', {
        ...stream,
        ShardId,
        ...position,
      });
      return ShardIterator;
    },

    async read(shardId, ShardIterator, limit) {
      const { Records = [], NextShardIterator } = await client.call<{
        Records?: WireRecord[];
        NextShardIterator?: string | null;
      }>('GetRecords', { ShardIterator, Limit: Math.min(limit, recordsPerRead) });
      const next = NextShardIterator ?? undefined;
      return {
        records: Records.map((record) => api.toRecord(record, shardId)),
        nextIterator: api.nextIterator?.(ShardIterator, next, Records.length) ?? next,
      };
    },
  };
}

function toShard({ ShardId, ParentShardId, AdjacentParentShardId }: WireShard): Shard {
  return {
    id: ShardId,
    parentIds: [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined),
  };
}

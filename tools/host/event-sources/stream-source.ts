/** A record of a shard, ready to be put into an event. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  /** Epoch ms. */
  readonly arrivedAtMs: number;
  /** Records with the same one keep their order. */
  readonly partitionKey: string;
  /** Characters of JSON that it adds to an event. */
  readonly size: number;
  /** As it stands in the event's `Records`. */
  readonly eventRecord: object;
  /** What filter patterns are matched against. */
  filterSubject(): unknown;
}

/** The event that brings records to a function. */
export function eventOf(records: readonly StreamRecord[]): { Records: object[] } {
  return { Records: records.map(({ eventRecord }) => eventRecord) };
}

export interface Shard {
  readonly id: string;
  /** Must be read to their end first. */
  readonly parentIds: readonly string[];
}

export interface ReadResult {
  readonly records: readonly StreamRecord[];
  /** Undefined at the end of a closed shard. */
  readonly nextIterator: string | undefined;
}

export type ShardPosition = { after: string } | 'TRIM_HORIZON' | 'LATEST';

/** One stream, of DynamoDB or of Kinesis. */
export interface StreamSource {
  listShards(): Promise<Shard[]>;
  iteratorAt(shardId: string, position: ShardPosition): Promise<string>;
  read(shardId: string, iterator: string, limit: number): Promise<ReadResult>;
}

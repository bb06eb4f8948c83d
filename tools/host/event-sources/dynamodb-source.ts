import { type AwsClient, region } from '../aws-json.ts';
import type { Shard, ShardPosition, StreamRecord, StreamSource } from './stream-source.ts';

const recordsPerRead = 1_000;

interface StreamDescription {
  Shards?: { ShardId: string; ParentShardId?: string }[];
  LastEvaluatedShardId?: string;
}

interface WireRecord {
  eventID: string;
  dynamodb: { SequenceNumber: string; ApproximateCreationDateTime: number; Keys: object };
}

/** Reads a DynamoDB stream. `streams` speaks to the DynamoDB Streams API. */
export function dynamodbSource(streams: AwsClient, StreamArn: string): StreamSource {
  return {
    async listShards() {
      const shards: Shard[] = [];
      let ExclusiveStartShardId: string | undefined;
      do {
        const { StreamDescription } = await streams.call<{ StreamDescription: StreamDescription }>(
          'DescribeStream',
          { StreamArn, ...(ExclusiveStartShardId && { ExclusiveStartShardId }) },
        );
        for (const { ShardId, ParentShardId } of StreamDescription.Shards ?? []) {
          shards.push({ id: ShardId, parentIds: ParentShardId === undefined ? [] : [ParentShardId] });
        }
        ExclusiveStartShardId = StreamDescription.LastEvaluatedShardId;
      } while (ExclusiveStartShardId !== undefined);
      return shards;
    },

    async iteratorAt(ShardId, position) {
      const { ShardIterator } = await streams.call<{ ShardIterator: string }>('GetShardIterator', {
        StreamArn,
        ShardId,
        ...iteratorType(position),
      });
      return ShardIterator;
    },

    async read(_, ShardIterator, limit) {
      const { Records = [], NextShardIterator } = await streams.call<{
        Records?: WireRecord[];
        NextShardIterator?: string;
      }>('GetRecords', { ShardIterator, Limit: Math.min(limit, recordsPerRead) });
      return {
        records: Records.map((record) => toRecord(record, StreamArn)),
        // The end of a shard shows here alone: engines report an ending sequence number for open shards too.
        nextIterator: NextShardIterator ?? undefined,
      };
    },
  };
}

function iteratorType(position: ShardPosition): object {
  return typeof position === 'string'
    ? { ShardIteratorType: position }
    : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.after };
}

function toRecord(wire: WireRecord, eventSourceARN: string): StreamRecord {
  const eventRecord = { ...wire, awsRegion: region, eventSourceARN };
  const { SequenceNumber, ApproximateCreationDateTime, Keys } = wire.dynamodb;
  return {
    sequenceNumber: SequenceNumber,
    arrivedAtMs: ApproximateCreationDateTime * 1_000,
    partitionKey: JSON.stringify(Keys),
    size: JSON.stringify(eventRecord).length,
    eventRecord,
    filterSubject: () => eventRecord,
  };
}

import { type AwsClient, accountId, region } from '../aws-json.ts';
import type { Shard, ShardPosition, StreamRecord, StreamSource } from './stream-source.ts';

const recordsPerRead = 10_000;
const envelopeChars = 600;

interface WireShard {
  ShardId: string;
  ParentShardId?: string;
  AdjacentParentShardId?: string;
}

interface WireRecord {
  SequenceNumber: string;
  ApproximateArrivalTimestamp: number;
  PartitionKey: string;
  /** Base64. */
  Data: string;
}

/** Reads a Kinesis data stream. */
export function kinesisSource(kinesis: AwsClient, streamArn: string): StreamSource {
  const StreamName = streamArn.slice(streamArn.indexOf('/') + 1);
  return {
    async listShards() {
      const shards: Shard[] = [];
      let NextToken: string | undefined;
      do {
        const page: { Shards: WireShard[]; NextToken?: string } = await kinesis.call(
          'ListShards',
          NextToken === undefined ? { StreamName } : { NextToken },
        );
        for (const { ShardId, ParentShardId, AdjacentParentShardId } of page.Shards) {
          const parentIds = [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined);
          shards.push({ id: ShardId, parentIds });
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return shards;
    },

    async iteratorAt(ShardId, position) {
      const { ShardIterator } = await kinesis.call<{ ShardIterator: string }>('GetShardIterator', {
        StreamName,
        ShardId,
        ...iteratorType(position),
      });
      return ShardIterator;
    },

    async read(shardId, ShardIterator, limit) {
      const { Records, NextShardIterator } = await kinesis.call<{
        Records: WireRecord[];
        NextShardIterator?: string;
      }>('GetRecords', { ShardIterator, Limit: Math.min(limit, recordsPerRead) });
      return {
        records: Records.map((record) => toRecord(record, shardId, streamArn)),
        // kinesalite's next iterator after nothing starts now, and would miss a record that is being written.
        nextIterator: NextShardIterator && (Records.length > 0 ? NextShardIterator : ShardIterator),
      };
    },
  };
}

function iteratorType(position: ShardPosition): object {
  return typeof position === 'string'
    ? { ShardIteratorType: position }
    : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position.after };
}

function toRecord(wire: WireRecord, shardId: string, eventSourceARN: string): StreamRecord {
  return {
    sequenceNumber: wire.SequenceNumber,
    arrivedAtMs: wire.ApproximateArrivalTimestamp * 1_000,
    partitionKey: wire.PartitionKey,
    size: wire.Data.length + envelopeChars,
    eventRecord: {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: wire.PartitionKey,
        sequenceNumber: wire.SequenceNumber,
        data: wire.Data,
        approximateArrivalTimestamp: wire.ApproximateArrivalTimestamp,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${wire.SequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: `arn:aws:iam::${accountId}:role/local`,
      awsRegion: region,
      eventSourceARN,
    },
    // AWS filters Kinesis records by their data alone.
    // https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
    filterSubject: () => ({ data: parseData(wire.Data) }),
  };
}

/** Patterns look into data that is JSON; other data matches none. */
function parseData(data: string): unknown {
  try {
    return JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

import { type AwsClient, region } from '../aws-json.ts';
import { type StreamRecord, type StreamSource, streamSource, type WireShard } from './stream-source.ts';

interface StreamDescription {
  Shards?: WireShard[];
  LastEvaluatedShardId?: string;
}

interface WireRecord {
  eventID: string;
  dynamodb: { SequenceNumber: string; ApproximateCreationDateTime: number };
}

/** Reads a DynamoDB stream. `client` calls the DynamoDB Streams API. */
export function dynamodbSource(client: AwsClient, StreamArn: string): StreamSource {
  // Only the iterator shows the end of a shard: engines report an ending sequence number for open shards too.
  return streamSource<WireRecord>({
    client,
    stream: { StreamArn },
    sequenceNumberParameter: 'SequenceNumber',
    recordsPerRead: 1_000,
    async listPage(ExclusiveStartShardId) {
      const { StreamDescription } = await client.call<{ StreamDescription: StreamDescription }>(
        'DescribeStream',
        { StreamArn, ...(ExclusiveStartShardId && { ExclusiveStartShardId }) },
      );
      return { shards: StreamDescription.Shards ?? [], next: StreamDescription.LastEvaluatedShardId };
    },
    toRecord: (wire) => toRecord(wire, StreamArn),
  });
}

function toRecord(wire: WireRecord, eventSourceARN: string): StreamRecord {
  const eventRecord = { ...wire, awsRegion: region, eventSourceARN };
  return {
    sequenceNumber: wire.dynamodb.SequenceNumber,
    arrivedAtMs: wire.dynamodb.ApproximateCreationDateTime * 1_000,
    size: JSON.stringify(eventRecord).length,
    eventRecord,
    filtered: () => eventRecord,
  };
}

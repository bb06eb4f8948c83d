import { type AwsClient, accountId, region } from '../aws-json.ts';
import { type StreamRecord, type StreamSource, streamSource, type WireShard } from './stream-source.ts';

/** Characters of a record in an event, without its data. */
const envelopeChars = 600;

interface WireRecord {
  SequenceNumber: string;
  /** Epoch seconds. */
  ApproximateArrivalTimestamp: number;
  PartitionKey: string;
  /** Base64. */
  Data: string;
}

/** Reads a Kinesis data stream. */
export function kinesisSource(client: AwsClient, streamArn: string): StreamSource {
  const StreamName = streamArn.slice(streamArn.indexOf('/') + 1);
  return streamSource<WireRecord>({
    client,
    stream: { StreamName },
    sequenceNumberParameter: 'StartingSequenceNumber',
    recordsPerRead: 10_000,
    async listPage(start) {
      const { Shards, NextToken } = await client.call<{ Shards: WireShard[]; NextToken?: string }>(
        'ListShards',
        start === undefined ? { StreamName } : { NextToken: start },
      );
      return { shards: Shards, next: NextToken };
    },
    toRecord: (wire, shardId) => toRecord(wire, shardId, streamArn),
    // After an empty read, kinesalite's next iterator starts at the present and would miss a record that is being written.
    nextIterator: (current, next, count) => (next !== undefined && count === 0 ? current : next),
  });
}

function toRecord(wire: WireRecord, shardId: string, eventSourceARN: string): StreamRecord {
  const kinesis = {
    kinesisSchemaVersion: '1.0',
    partitionKey: wire.PartitionKey,
    sequenceNumber: wire.SequenceNumber,
    data: wire.Data,
    approximateArrivalTimestamp: wire.ApproximateArrivalTimestamp,
  };
  return {
    sequenceNumber: wire.SequenceNumber,
    arrivedAtMs: wire.ApproximateArrivalTimestamp * 1_000,
    size: wire.Data.length + envelopeChars,
    eventRecord: {
      kinesis,
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${wire.SequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: `arn:aws:iam::${accountId}:role/local`,
      awsRegion: region,
      eventSourceARN,
    },
    filtered: () => ({ ...kinesis, data: parsedData(wire.Data) }),
  };
}

/**
 * The data of a record as a filter sees it: parsed JSON. Data that is not JSON matches no pattern of `data`, so a filter
 * drops it, as on AWS. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
 */
function parsedData(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

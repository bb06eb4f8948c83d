import {
  InvalidArgumentException,
  type PutRecordsCommandInput,
  type PutRecordsCommandOutput,
  type PutRecordsRequestEntry,
  type PutRecordsResultEntry,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis';
import type { KinesisStreamRecord } from 'aws-lambda';
import type { SimulatedCall, SimulatedService } from '../world/world.ts';
import { ShardedStream } from './sharded-stream.ts';

/** The ARN of a stream, as records name it. */
const streamArn = (name: string) => `arn:aws:kinesis:eu-central-1:111111111111:stream/${name}`;

/** What PutRecords accepts: 500 records of 1 MiB each, and 5 MiB with the partition keys. */
const limits = { records: 500, recordBytes: 2 ** 20, bytes: 5 * 2 ** 20 };

/**
 * Sequence numbers are whole numbers of up to 129 digits: the documentation of Kinesis promises no number of digits. Here they soon
 * get one more, so that code that compares them as texts fails.
 */
const firstNumber = 10n ** 55n - 20n;

/** Kinesis with one stream of published commits. */
export class SimulatedKinesis implements SimulatedService {
  readonly streamName: string;
  readonly stream: ShardedStream<PutRecordsRequestEntry, KinesisStreamRecord>;

  constructor({ streamName, shards }: { readonly streamName: string; readonly shards: number }) {
    this.streamName = streamName;
    const arn = streamArn(streamName);
    this.stream = new ShardedStream(shards, firstNumber, ({ PartitionKey = '', Data }, place) => ({
      eventID: `${place.shardId}:${place.sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      eventSource: 'aws:kinesis',
      eventSourceARN: arn,
      eventVersion: '1.0',
      awsRegion: 'eu-central-1',
      invokeIdentityArn: 'arn:aws:iam::111111111111:role/simulated',
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: PartitionKey,
        sequenceNumber: place.sequenceNumber,
        data: Buffer.from(Data ?? []).toString('base64'),
        approximateArrivalTimestamp: place.nowMs / 1_000,
      },
    }));
  }

  execute(operation: string, input: object, call: SimulatedCall): object {
    if (operation !== 'PutRecords') throw new Error(`The simulated Kinesis has no ${operation}.`);
    return this.#putRecords(input as PutRecordsCommandInput, call);
  }

  #putRecords(
    { StreamName, Records = [] }: PutRecordsCommandInput,
    { leavesOut, nowMs }: SimulatedCall,
  ): Omit<PutRecordsCommandOutput, '$metadata'> {
    if (StreamName !== this.streamName) {
      throw new ResourceNotFoundException({ message: `No stream ${StreamName}.`, $metadata: {} });
    }
    requireAccepted(Records);
    const results = Records.map((record, place): PutRecordsResultEntry => {
      if (leavesOut?.has(place)) return refusal(place);
      const { shardId, sequenceNumber } = this.stream.add(record.PartitionKey ?? '', record, nowMs);
      return { ShardId: shardId, SequenceNumber: sequenceNumber };
    });
    return {
      FailedRecordCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
      Records: results,
      EncryptionType: 'KMS',
    };
  }
}

/** Every third refusal is a fault of Kinesis. The others are throttled. */
function refusal(place: number): PutRecordsResultEntry {
  return place % 3 === 2
    ? { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' }
    : { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard.' };
}

/** Throws, as Kinesis does, if the call as a whole is not accepted. */
function requireAccepted(records: readonly PutRecordsRequestEntry[]): void {
  const sizes = records.map(
    ({ Data, PartitionKey }) => (Data?.byteLength ?? 0) + Buffer.byteLength(PartitionKey ?? ''),
  );
  const isRefused =
    records.length === 0 ||
    records.length > limits.records ||
    sizes.some((bytes) => bytes > limits.recordBytes) ||
    sizes.reduce((sum, bytes) => sum + bytes, 0) > limits.bytes ||
    records.some(({ PartitionKey = '' }) => PartitionKey === '' || PartitionKey.length > 256);
  if (isRefused) {
    throw new InvalidArgumentException({ message: 'The records are not accepted.', $metadata: {} });
  }
}

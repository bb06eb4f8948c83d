import { randomUUID } from 'node:crypto';
import type { AwsClient } from '../aws-json.ts';
import type { InvocationResult } from '../lambda/function.ts';
import { putToS3 } from '../s3.ts';
import { type EventRule, reportNewObject } from './event-rules.ts';
import type { EventSourceMapping } from './mapping.ts';
import { eventOf, type StreamRecord } from './stream-source.ts';

/** Records of a shard that were given up, and the reason. */
export interface GivenUp {
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  shardId: string;
  records: readonly StreamRecord[];
  invokeCount: number;
  /** The result of the last attempt; missing when there was none. */
  result?: InvocationResult;
}

export interface FailureDestinationOptions {
  readonly sqs: AwsClient;
  /** Where S3 answers. */
  readonly s3Url: string;
  readonly eventRules: readonly EventRule[];
}

/**
 * Puts the object that AWS documents into the failure bucket of a mapping, if it has one: where the records are in the
 * stream, and under `payload` the whole event as the function received it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export async function sendToFailureDestination(
  { sqs, s3Url, eventRules }: FailureDestinationOptions,
  mapping: EventSourceMapping,
  givenUp: GivenUp,
): Promise<void> {
  const { failureBucket: bucketName } = mapping;
  if (bucketName === undefined) return;
  const payload = JSON.stringify(eventOf(givenUp.records));
  const body = JSON.stringify({ ...invocationRecord(mapping, givenUp), payload });
  const key = objectKey(mapping, givenUp.shardId, new Date());
  await putToS3(s3Url, `${bucketName}/${key}`, { body });
  await reportNewObject(sqs, eventRules, { bucketName, key, sizeBytes: Buffer.byteLength(body) });
}

/** `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<UUID>`, in UTC. */
function objectKey({ id }: EventSourceMapping, shardId: string, now: Date): string {
  const [day = '', time = ''] = now.toISOString().split(/[T.]/);
  const at = `${day}T${time.replaceAll(':', '.')}`;
  return `aws/lambda/${id}/${shardId}/${day.replaceAll('-', '/')}/${at}-${randomUUID()}`;
}

function invocationRecord(mapping: EventSourceMapping, givenUp: GivenUp): object {
  const { condition, shardId, records, invokeCount, result } = givenUp;
  const at = (record: StreamRecord | undefined) => new Date(record?.arrivedAtMs ?? 0).toISOString();
  return {
    requestContext: {
      requestId: result?.requestId ?? '',
      functionArn: mapping.target.configuration.arn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: result?.functionError ?? null,
    },
    version: '1.0',
    timestamp: new Date().toISOString(),
    [mapping.kind === 'kinesis' ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: {
      shardId,
      startSequenceNumber: records[0]?.sequenceNumber,
      endSequenceNumber: records.at(-1)?.sequenceNumber,
      approximateArrivalOfFirstRecord: at(records[0]),
      approximateArrivalOfLastRecord: at(records.at(-1)),
      batchSize: records.length,
      streamArn: mapping.sourceArn,
    },
  };
}

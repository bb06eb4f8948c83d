import type { AwsClient } from '../aws-json.ts';
import type { InvocationResult } from '../lambda/instance.ts';
import type { EventSourceMapping } from './mapping.ts';
import type { StreamRecord } from './stream-source.ts';

/** Records of a shard that were given up, and why. */
export interface GivenUp {
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  shardId: string;
  records: readonly StreamRecord[];
  invokeCount: number;
  /** Of the last attempt, when there was one. */
  result?: InvocationResult;
}

/**
 * Sends what AWS documents to the queue: where the records stand, not the records.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export async function sendToFailureQueue(
  sqs: AwsClient,
  mapping: EventSourceMapping,
  givenUp: GivenUp,
): Promise<void> {
  if (mapping.failureQueueArn === undefined) return;
  const QueueName = mapping.failureQueueArn.split(':').at(-1);
  const { QueueUrl } = await sqs.call<{ QueueUrl: string }>('GetQueueUrl', { QueueName });
  await sqs.call('SendMessage', { QueueUrl, MessageBody: JSON.stringify(failureMessage(mapping, givenUp)) });
}

function failureMessage(mapping: EventSourceMapping, givenUp: GivenUp): object {
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

import { randomUUID } from 'node:crypto';
import { type AwsClient, accountId, region } from '../aws-json.ts';
import { matchesPattern, type Pattern } from './filter.ts';

/** A rule on events of AWS's own, with a queue that gets those which match. */
export interface EventRule {
  readonly pattern: Pattern;
  readonly queueArn: string;
}

/** What a bucket tells EventBridge of a new object. */
export interface NewObject {
  readonly bucketName: string;
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * Sends the event that AWS documents to the queues of the rules that match it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export async function tellOfNewObject(
  sqs: AwsClient,
  rules: readonly EventRule[],
  { bucketName, key, sizeBytes }: NewObject,
): Promise<void> {
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: accountId,
    time: new Date().toISOString(),
    region,
    resources: [`arn:aws:s3:::${bucketName}`],
    detail: {
      version: '0',
      bucket: { name: bucketName },
      object: { key, size: sizeBytes },
      'request-id': randomUUID(),
      requester: 'lambda.amazonaws.com',
      reason: 'PutObject',
    },
  };
  for (const { queueArn } of rules.filter(({ pattern }) => matchesPattern(pattern, event))) {
    await sendToQueue(sqs, queueArn, event);
  }
}

/** Sends a message, as JSON, to the queue of that ARN. */
export async function sendToQueue(sqs: AwsClient, queueArn: string, message: object): Promise<void> {
  const QueueName = queueArn.split(':').at(-1);
  const { QueueUrl } = await sqs.call<{ QueueUrl: string }>('GetQueueUrl', { QueueName });
  await sqs.call('SendMessage', { QueueUrl, MessageBody: JSON.stringify(message) });
}

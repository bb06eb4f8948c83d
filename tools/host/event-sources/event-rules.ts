import { randomUUID } from 'node:crypto';
import { type AwsClient, accountId, region } from '../aws-json.ts';
import { matchesPattern, type Pattern } from './filter.ts';
import { sendToQueue } from './queues.ts';

/** A rule that sends matching events of AWS to a queue. */
export interface EventRule {
  readonly pattern: Pattern;
  readonly queueArn: string;
}

/** What a bucket reports to EventBridge about a new object. */
export interface NewObject {
  readonly bucketName: string;
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * Sends the event that AWS documents to the queues of the rules that match it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export async function reportNewObject(
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

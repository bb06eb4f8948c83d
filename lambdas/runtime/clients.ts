import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../aws/client-settings.ts';
import { observed } from '../aws/observed-client.ts';
import { once } from './once.ts';

/** A client for DynamoDB. An attempt times out after 3 s. */
export function dynamoDBClient(): DynamoDBClient {
  return observed(new DynamoDBClient(clientSettings({ requestTimeoutMs: 3_000 })));
}

/** A client for Kinesis. Each call is one attempt, which times out after 3 s: the publisher retries itself. */
export function kinesisClient(): KinesisClient {
  return observed(new KinesisClient(clientSettings({ requestTimeoutMs: 3_000, maxAttempts: 1 })));
}

/** A client for SQS. An attempt times out after 3 s. Default: one attempt per call, because the publisher retries itself. */
export function sqsClient({ maxAttempts = 1 } = {}): SQSClient {
  return observed(new SQSClient(clientSettings({ requestTimeoutMs: 3_000, maxAttempts })));
}

/** Loads KMS and creates a client at the first call. A function that needs no key until then does not spend the time. */
export const loadKms = once(async () => {
  const { kmsClient, ...commands } = await import('./kms-client.ts');
  return { ...commands, client: kmsClient() };
});

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../aws/client-settings.ts';

export function dynamoDBClient(): DynamoDBClient {
  return new DynamoDBClient(clientSettings({ requestTimeoutMs: 3_000 }));
}

export function kinesisClient(): KinesisClient {
  return new KinesisClient(clientSettings({ requestTimeoutMs: 5_000 }));
}

export function sqsClient(): SQSClient {
  return new SQSClient(clientSettings({ requestTimeoutMs: 5_000 }));
}

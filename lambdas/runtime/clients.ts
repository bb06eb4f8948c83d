import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A call that hangs is given up and tried again by the SDK, which makes at most so many tries. */
const settings = { maxAttempts: 4 };

function requestHandler(requestTimeoutMs: number): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: 1_000,
    requestTimeout: requestTimeoutMs,
    throwOnRequestTimeout: true,
  });
}

export function dynamoDBClient(): DynamoDBClient {
  return new DynamoDBClient({ ...settings, requestHandler: requestHandler(3_000) });
}

/** HTTP/1.1, which every endpoint speaks; the SDK's default for Kinesis is HTTP/2. */
export function kinesisClient(): KinesisClient {
  return new KinesisClient({ ...settings, requestHandler: requestHandler(5_000) });
}

export function sqsClient(): SQSClient {
  return new SQSClient({ ...settings, requestHandler: requestHandler(5_000) });
}

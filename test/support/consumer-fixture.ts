import { readFileSync } from 'node:fs';
import type { AwsClient } from '../../tools/host/aws-json.ts';
import type { Resource } from '../../tools/host/template/assembly.ts';
import type { FixtureFunction } from './app-fixture.ts';

/** A function that appends the records of each invocation to a file, and then runs the code `then`. */
export function recorder(file: string, then = ''): FixtureFunction {
  return {
    source: `const { appendFileSync } = require('node:fs');
      exports.handler = async ({ Records }) => {
        appendFileSync(${JSON.stringify(file)}, JSON.stringify(Records) + '\\n');
        ${then}
      }`,
    properties: { Timeout: 10 },
  };
}

/** The records of each invocation so far. */
// biome-ignore lint/suspicious/noExplicitAny: the records are read for what each test looks at
export function invocationsIn(file: string): any[][] {
  try {
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

/** A table with the name `log`. */
export const table: Resource = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'log',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
  },
};
/** A stream with the name `stream` and one shard. */
export const stream: Resource = {
  Type: 'AWS::Kinesis::Stream',
  Properties: { Name: 'stream', ShardCount: 1 },
};
export const queue = (QueueName: string, more: object = {}): Resource => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName, ...more },
});
export const bucket = (BucketName: string): Resource => ({
  Type: 'AWS::S3::Bucket',
  Properties: { BucketName },
});
/** A rule that sends an event for each new object of a bucket to a queue. */
export const ruleOn = (bucketName: string, queueId: string): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [bucketName] } },
    },
    Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } }],
  },
});
/** An event source mapping of the function `consumer`. */
export const mapping = (source: object, more: object = {}): Resource => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: { Ref: 'consumer' },
    EventSourceArn: source,
    StartingPosition: 'TRIM_HORIZON',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...more,
  },
});
export const tableStream = { 'Fn::GetAtt': ['Table', 'StreamArn'] };
export const streamArn = { 'Fn::GetAtt': ['Stream', 'Arn'] };

/** Puts an item into `table`. */
export const put = (dynamodb: AwsClient, id: string) =>
  dynamodb.call('PutItem', { TableName: 'log', Item: { id: { S: id } } });

/** Puts records into `stream`. */
export const send = (kinesis: AwsClient, ...texts: string[]) =>
  kinesis.call('PutRecords', {
    StreamName: 'stream',
    Records: texts.map((text) => ({ PartitionKey: 'p', Data: Buffer.from(text).toString('base64') })),
  });

/** The texts that were sent to `stream`, for each invocation. */
export const textsOf = (file: string): string[][] =>
  invocationsIn(file).map((records) =>
    records.map((it) => Buffer.from(it.kinesis.data, 'base64').toString('utf8')),
  );

import { text } from 'node:stream/consumers';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { awsClient, credentials, region } from '../../tools/host/aws-json.ts';
import type { Host } from '../../tools/host/host.ts';

/** Everything that a page could have changed: the items of the tables, the objects of all buckets, the messages of all queues. */
export async function stateOf({ awsUrl }: Host, buckets: readonly string[]): Promise<object> {
  const [dynamodb, sqs, kinesis] = [
    awsClient(awsUrl, 'dynamodb'),
    awsClient(awsUrl, 'sqs'),
    awsClient(awsUrl, 'kinesis'),
  ];
  const { TableNames } = await dynamodb.call<{ TableNames: string[] }>('ListTables', {});
  // Every minute a sweep notes in the control table how far it is.
  const unattended = TableNames.filter((name) => !name.includes('ControlTable'));
  const tables = unattended.map(async (TableName) => {
    const { Items } = await dynamodb.call<{ Items: object[] }>('Scan', { TableName });
    return [TableName, Items.map(canonical).sort()];
  });
  const { QueueUrls = [] } = await sqs.call<{ QueueUrls?: string[] }>('ListQueues', {});
  const queues = QueueUrls.map(async (QueueUrl) => {
    const input = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] };
    return [
      new URL(QueueUrl).pathname,
      (await sqs.call<{ Attributes: object }>('GetQueueAttributes', input)).Attributes,
    ];
  });
  const { StreamNames } = await kinesis.call<{ StreamNames: string[] }>('ListStreams', {});
  return {
    tables: await Promise.all(tables),
    queues: await Promise.all(queues),
    streams: StreamNames,
    objects: await objectsIn(awsUrl, buckets),
  };
}

async function objectsIn(endpoint: string, buckets: readonly string[]): Promise<object> {
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const contents = buckets.map(async (Bucket) => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const objects = Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return [Key, Body && (await text(Body as NodeJS.ReadableStream))];
    });
    return [Bucket, await Promise.all(objects)];
  });
  return Promise.all(contents);
}

/** DynamoDB answers the attributes of an item in any order. */
function canonical(item: object): string {
  return JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
}

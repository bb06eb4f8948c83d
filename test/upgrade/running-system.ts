import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsClient, awsClient, credentials, region } from '../../tools/host/aws-json.ts';
import { type ApiAnswer, type ApiRequest, callApi, invoke } from './direct-api.ts';

/** An item as DynamoDB has it: each attribute with its type. */
export type Item = Record<string, AttributeValue>;

/** An object of a bucket. `bucket` is a part of the bucket's name. */
export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly contentType?: string | undefined;
  readonly text: string;
}

/**
 * A system that runs on a host or on an emulator, seen from outside: its functions by invocation, and what it stores.
 * Tables, queues and buckets are named by a part of their names, such as `EventLogTable`.
 */
export class RunningSystem {
  readonly awsUrl: string;
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: AwsClient;
  readonly streams: AwsClient;
  readonly #sqs: AwsClient;
  readonly #s3: S3Client;
  readonly #tables: AwsClient;

  /** `awsUrl`: where all AWS APIs answer. */
  constructor(awsUrl: string) {
    const options = { endpoint: awsUrl, region, credentials };
    this.awsUrl = awsUrl;
    this.dynamodb = new DynamoDBClient(options);
    this.kinesis = awsClient(awsUrl, 'kinesis');
    this.streams = awsClient(awsUrl, 'dynamodb-streams');
    this.#sqs = awsClient(awsUrl, 'sqs');
    this.#s3 = new S3Client({ ...options, forcePathStyle: true });
    this.#tables = awsClient(awsUrl, 'dynamodb');
  }

  call(request: ApiRequest): Promise<ApiAnswer> {
    return callApi(this.awsUrl, request);
  }

  /** Invokes a function and returns its result. `name` is without the stage. */
  invoke(name: string, event: unknown): Promise<unknown> {
    return invoke(this.awsUrl, name, event);
  }

  async tableName(part: string): Promise<string> {
    const { TableNames } = await this.#tables.call<{ TableNames: string[] }>('ListTables', {});
    return only(TableNames, part);
  }

  /** Every item of a table, or of one of its indexes. */
  async items(table: string, index?: string): Promise<Item[]> {
    const TableName = await this.tableName(table);
    const all: Item[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await this.#tables.call<{ Items: Item[]; LastEvaluatedKey?: Item }>('Scan', {
        TableName,
        ...(index === undefined ? { ConsistentRead: true } : { IndexName: index }),
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      });
      all.push(...page.Items);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return all;
  }

  async putItem(table: string, item: Item): Promise<void> {
    await this.#tables.call('PutItem', { TableName: await this.tableName(table), Item: item });
  }

  async streamName(): Promise<string> {
    const { StreamNames } = await this.kinesis.call<{ StreamNames: string[] }>('ListStreams', {});
    return only(StreamNames, 'EventStream');
  }

  /** Puts a record into the event stream. */
  async putRecord(partitionKey: string, text: string): Promise<void> {
    await this.kinesis.call('PutRecord', {
      StreamName: await this.streamName(),
      PartitionKey: partitionKey,
      Data: Buffer.from(text).toString('base64'),
    });
  }

  /** Number of messages in a queue, those that are being handled included. */
  async messageCount(queue: string): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const { Attributes } = await this.#sqs.call<{ Attributes: Record<string, string> }>(
      'GetQueueAttributes',
      {
        QueueUrl: await this.#queueUrl(queue),
        AttributeNames: names,
      },
    );
    return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  async sendMessage(queue: string, text: string): Promise<void> {
    await this.#sqs.call('SendMessage', { QueueUrl: await this.#queueUrl(queue), MessageBody: text });
  }

  /** Takes at most `max` messages out of a queue. */
  async takeMessages(queue: string, max = Number.POSITIVE_INFINITY): Promise<string[]> {
    const QueueUrl = await this.#queueUrl(queue);
    const texts: string[] = [];
    while (texts.length < max) {
      const { Messages = [] } = await this.#sqs.call<{
        Messages?: { Body: string; ReceiptHandle: string }[];
      }>('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: Math.min(10, max - texts.length) });
      if (Messages.length === 0) break;
      for (const { Body, ReceiptHandle } of Messages) {
        texts.push(Body);
        await this.#sqs.call('DeleteMessage', { QueueUrl, ReceiptHandle });
      }
    }
    return texts;
  }

  /** Every object of a bucket, in the order of their keys. */
  async objects(bucket: string): Promise<StoredObject[]> {
    const Bucket = await this.#bucketName(bucket);
    const { Contents = [] } = await this.#s3.send(new ListObjectsV2Command({ Bucket }));
    return Promise.all(
      Contents.map(async ({ Key = '' }) => {
        const { Body, ContentType } = await this.#s3.send(new GetObjectCommand({ Bucket, Key }));
        return { bucket, key: Key, contentType: ContentType, text: (await Body?.transformToString()) ?? '' };
      }),
    );
  }

  async putObject({ bucket, key, contentType, text }: StoredObject): Promise<void> {
    const Bucket = await this.#bucketName(bucket);
    await this.#s3.send(new PutObjectCommand({ Bucket, Key: key, Body: text, ContentType: contentType }));
  }

  close(): void {
    this.dynamodb.destroy();
    this.#s3.destroy();
  }

  async #queueUrl(part: string): Promise<string> {
    const { QueueUrls } = await this.#sqs.call<{ QueueUrls: string[] }>('ListQueues', {});
    // The logical id ends with a hash, which distinguishes TodoQueue from TodoQueueFailures.
    return only(QueueUrls, `${part}[0-9a-f]{8}`);
  }

  async #bucketName(part: string): Promise<string> {
    const { Buckets = [] } = await this.#s3.send(new ListBucketsCommand({}));
    return only(
      Buckets.map(({ Name = '' }) => Name),
      part,
    );
  }
}

/** The name with this part, in any case: emulators and services change the case. Throws if there are none or several. */
function only(names: readonly string[], part: string): string {
  const pattern = new RegExp(part, 'i');
  const [name, ...others] = names.filter((each) => pattern.test(each));
  if (name === undefined || others.length > 0) {
    throw new Error(
      `${part} is in ${others.length === 0 ? 'no name' : 'several names'} of ${names.join(', ')}.`,
    );
  }
  return name;
}

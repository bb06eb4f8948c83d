import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { awsClient, unverifiedSignature } from '../../tools/host/aws-json.ts';

/** Some stored bytes, and where they are: the kind of store, its name, and the item in it. */
export interface StoredBytes {
  readonly place: string;
  readonly bytes: Buffer;
}

/** Everything that a running host stores, of each kind of store, read by the APIs of AWS without changing anything. */
export const stores: Readonly<Record<string, (awsUrl: string) => AsyncIterable<StoredBytes>>> = {
  tables,
  'table streams': tableStreams,
  'event streams': eventStreams,
  queues,
  buckets,
};

/** Every item of every table, and each of its binary values. */
async function* tables(awsUrl: string): AsyncIterable<StoredBytes> {
  const dynamodb = awsClient(awsUrl, 'dynamodb');
  const { TableNames } = await dynamodb.call<{ TableNames: string[] }>('ListTables', {});
  for (const TableName of TableNames) {
    let ExclusiveStartKey: object | undefined;
    do {
      const page = await dynamodb.call<{ Items: Item[]; LastEvaluatedKey?: object }>('Scan', {
        TableName,
        ConsistentRead: true,
        ...(ExclusiveStartKey && { ExclusiveStartKey }),
      });
      for (const [index, item] of page.Items.entries()) yield* itemBytes(`table ${TableName} ${index}`, item);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }
}

type Item = Readonly<Record<string, object>>;

function* itemBytes(place: string, item: Item): Iterable<StoredBytes> {
  yield { place, bytes: Buffer.from(JSON.stringify(item)) };
  for (const [name, value] of Object.entries(item)) {
    if ('B' in value) yield { place: `${place} ${name}`, bytes: Buffer.from(String(value.B), 'base64') };
  }
}

/** Every record of every stream of a table: also the old images. */
async function* tableStreams(awsUrl: string): AsyncIterable<StoredBytes> {
  const streams = awsClient(awsUrl, 'dynamodb-streams');
  const { Streams } = await streams.call<{ Streams: { StreamArn: string }[] }>('ListStreams', {});
  for (const { StreamArn } of Streams) {
    const { StreamDescription } = await streams.call<{
      StreamDescription: { Shards: { ShardId: string }[] };
    }>('DescribeStream', { StreamArn });
    for (const { ShardId } of StreamDescription.Shards) {
      const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      for await (const records of pagesOf(streams, start)) {
        yield { place: `stream ${StreamArn}`, bytes: Buffer.from(JSON.stringify(records)) };
      }
    }
  }
}

/** Every record of every shard of Kinesis. */
async function* eventStreams(awsUrl: string): AsyncIterable<StoredBytes> {
  const kinesis = awsClient(awsUrl, 'kinesis');
  const { StreamNames } = await kinesis.call<{ StreamNames: string[] }>('ListStreams', {});
  for (const StreamName of StreamNames) {
    const { Shards } = await kinesis.call<{ Shards: { ShardId: string }[] }>('ListShards', { StreamName });
    for (const { ShardId } of Shards) {
      const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      for await (const records of pagesOf(kinesis, start)) {
        for (const { Data, ...record } of records as { Data: string }[]) {
          const bytes = Buffer.concat([Buffer.from(JSON.stringify(record)), Buffer.from(Data, 'base64')]);
          yield { place: `shard ${ShardId} of ${StreamName}`, bytes };
        }
      }
    }
  }
}

/** Pages of a shard until one is empty. An open shard has no last page. */
async function* pagesOf(client: ReturnType<typeof awsClient>, start: object): AsyncIterable<object[]> {
  let { ShardIterator } = await client.call<{ ShardIterator?: string }>('GetShardIterator', start);
  while (ShardIterator !== undefined) {
    const page: { Records: object[]; NextShardIterator?: string } = await client.call('GetRecords', {
      ShardIterator,
    });
    if (page.Records.length === 0) return;
    yield page.Records;
    ShardIterator = page.NextShardIterator;
  }
}

/** Every message of every queue, also those that a consumer has received. Receiving them would count against them. */
async function* queues(awsUrl: string): AsyncIterable<StoredBytes> {
  const sqs = awsClient(awsUrl, 'sqs');
  const { QueueUrls } = await sqs.call<{ QueueUrls: string[] }>('ListQueues', {});
  for (const name of QueueUrls.map((url) => url.split('/').at(-1))) {
    const content = await get(`${awsUrl}/_fauxqs/queues/${name}`, 'sqs');
    yield { place: `queue ${name}`, bytes: content.bytes };
  }
}

/** Every version of every object of every bucket, with its metadata. */
async function* buckets(awsUrl: string): AsyncIterable<StoredBytes> {
  const names = valuesOf('Name', (await get(`${awsUrl}/`, 's3')).bytes);
  for (const bucket of names) {
    const keys = valuesOf('Key', (await get(`${awsUrl}/${bucket}?versions`, 's3')).bytes);
    for (const key of keys) {
      const { bytes, headers } = await get(`${awsUrl}/${bucket}/${key}`, 's3');
      const place = `bucket ${bucket} ${key}`;
      yield { place: `${place} metadata`, bytes: Buffer.from(JSON.stringify([...headers])) };
      yield { place, bytes };
    }
  }
}

/** The places of all versions of documents. */
export async function documentPlaces(awsUrl: string): Promise<readonly string[]> {
  const places: string[] = [];
  for await (const { place } of buckets(awsUrl)) {
    if (/^bucket \S*document/.test(place) && !place.endsWith('metadata')) places.push(place);
  }
  return places;
}

async function get(url: string, service: string) {
  const response = await fetch(url, { headers: unverifiedSignature(service) });
  if (!response.ok) throw new Error(`${new URL(url).pathname}: ${response.status}`);
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}

function valuesOf(element: string, xml: Buffer): string[] {
  return [...xml.toString().matchAll(new RegExp(`<${element}>([^<]+)</${element}>`, 'g'))].map(
    ([, value = '']) => value,
  );
}

/** The files of a folder as they are on the disk: with what a database has deleted and not overwritten. */
export async function* filesIn(folder: string): AsyncIterable<StoredBytes> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    yield { place: `file ${file.slice(folder.length + 1)}`, bytes: await readFile(file) };
  }
}

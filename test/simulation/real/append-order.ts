import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { eventLogTable } from '../../../schema/tables.ts';
import { type AwsClient, awsClient } from '../../../tools/host/aws-json.ts';

interface StreamRecord {
  readonly dynamodb: {
    readonly Keys: Readonly<Record<string, AttributeValue>>;
    readonly SequenceNumber: string;
  };
}

/**
 * The order in which the items of the log were written, by the table's stream, which keeps a day. An item that the stream does not
 * have comes last.
 */
export async function appendOrder(
  awsUrl: string,
  tableName: string,
): Promise<(stream: string, version: number) => number> {
  const client = awsClient(awsUrl, 'dynamodb-streams');
  const { Streams } = await client.call<{ Streams: { StreamArn: string; TableName: string }[] }>(
    'ListStreams',
    {},
  );
  const arn = Streams.find((each) => each.TableName === tableName)?.StreamArn;
  if (arn === undefined) throw new Error(`The table ${tableName} has no stream.`);
  const records = (
    await Promise.all((await shardsOf(client, arn)).map((id) => recordsOf(client, arn, id)))
  ).flat();
  records.sort((a, b) => (sequence(a) < sequence(b) ? -1 : 1));
  const places = new Map<string, number>();
  for (const [place, { dynamodb }] of records.entries()) {
    const { [eventLogTable.partitionKey]: stream, [eventLogTable.sortKey]: version } = dynamodb.Keys;
    const key = `${stream?.S} ${version?.N}`;
    if (!places.has(key)) places.set(key, place);
  }
  return (stream, version) => places.get(`${stream} ${version}`) ?? records.length;
}

const sequence = ({ dynamodb }: StreamRecord): bigint => BigInt(dynamodb.SequenceNumber);

async function shardsOf(client: AwsClient, StreamArn: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let last: string | undefined;
  do {
    const { StreamDescription } = await client.call<{
      StreamDescription: { Shards?: { ShardId: string }[]; LastEvaluatedShardId?: string };
    }>('DescribeStream', { StreamArn, ...(last !== undefined && { ExclusiveStartShardId: last }) });
    ids.push(...(StreamDescription.Shards ?? []).map(({ ShardId }) => ShardId));
    last = StreamDescription.LastEvaluatedShardId;
  } while (last !== undefined);
  return ids;
}

async function recordsOf(client: AwsClient, StreamArn: string, ShardId: string): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  let { ShardIterator: iterator } = await client.call<{ ShardIterator: string | undefined }>(
    'GetShardIterator',
    { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' },
  );
  while (iterator !== undefined) {
    const page: { Records: StreamRecord[]; NextShardIterator?: string } = await client.call('GetRecords', {
      ShardIterator: iterator,
    });
    records.push(...page.Records);
    // Nothing is written at the same time, so an empty page is the end of an open shard.
    iterator = page.Records.length === 0 ? undefined : page.NextShardIterator;
  }
  return records;
}

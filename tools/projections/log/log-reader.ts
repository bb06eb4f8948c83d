import {
  type AttributeValue,
  type DynamoDBClient,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { eventLogTable } from '../../../schema/tables.ts';

/** An item as DynamoDB has it. */
export type Item = Record<string, AttributeValue>;

/** Which part of a table is read: DynamoDB divides it by the hash of the partition key. */
export interface Segment {
  readonly segment: number;
  readonly segments: number;
}

/** A segment of a table, page by page, strongly consistent. Items of one partition are usually together and in order. */
export async function* scanSegment(
  client: DynamoDBClient,
  table: string,
  { segment, segments }: Segment,
): AsyncIterable<readonly Item[]> {
  let startKey: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table,
        ConsistentRead: true,
        Segment: segment,
        TotalSegments: segments,
        ExclusiveStartKey: startKey,
      }),
    );
    yield page.Items ?? [];
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
}

/** A stream of the log, page by page, in order and strongly consistent. */
export async function* queryStream(
  client: DynamoDBClient,
  table: string,
  stream: string,
): AsyncIterable<readonly Item[]> {
  let startKey: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#stream = :stream',
        ExpressionAttributeNames: { '#stream': eventLogTable.partitionKey },
        ExpressionAttributeValues: { ':stream': { S: stream } },
        ExclusiveStartKey: startKey,
      }),
    );
    yield page.Items ?? [];
    startKey = page.LastEvaluatedKey;
  } while (startKey !== undefined);
}

/** Version, count and hash of the last commit that begins at a version or before; undefined if there is none. */
export async function commitUpTo(
  client: DynamoDBClient,
  table: string,
  stream: string,
  version: number,
): Promise<Item | undefined> {
  const { Items } = await client.send(
    new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      ScanIndexForward: false,
      Limit: 1,
      KeyConditionExpression: '#stream = :stream AND #version <= :version',
      ProjectionExpression: '#version, #count, #hash',
      ExpressionAttributeNames: {
        '#stream': eventLogTable.partitionKey,
        '#version': eventLogTable.sortKey,
        '#count': 'count',
        '#hash': 'hash',
      },
      ExpressionAttributeValues: { ':stream': { S: stream }, ':version': { N: String(version) } },
    }),
  );
  return Items?.[0];
}

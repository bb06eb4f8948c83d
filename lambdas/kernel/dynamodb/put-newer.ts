import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { BatchTarget, Item } from './dynamodb-batches.ts';

/** Puts a row, a line or an entry if the stored one is older. A writer that lags must not overwrite newer ones. */
export async function putNewer({ client, tableName }: BatchTarget, item: Item): Promise<void> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: tableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#version) OR #version < :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': { N: String(Number(item['version']?.N)) } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

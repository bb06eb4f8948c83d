import { type AttributeValue, type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';

/** The items of one partition of a table. */
export async function* itemsOf(
  client: DynamoDBClient,
  { name, partitionKey }: { readonly name: string; readonly partitionKey: string },
  partition: string,
): AsyncIterable<Record<string, AttributeValue>> {
  const pages = paginateQuery(
    { client },
    {
      TableName: name,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': partitionKey },
      ExpressionAttributeValues: { ':key': { S: partition } },
    },
  );
  for await (const { Items = [] } of pages) yield* Items;
}

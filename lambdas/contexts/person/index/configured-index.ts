import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { personIndexTable } from '../../../../schema/tables.ts';
import type { Effects } from '../../../kernel/index.ts';
import { DynamoDBPersonIndex } from './dynamodb-person-index.ts';

/** The index of persons in the table with this name. */
export function personIndex(
  {
    client,
    effects,
  }: { readonly client: DynamoDBClient; readonly effects: Pick<Effects, 'delay' | 'random'> },
  tableName: string,
): DynamoDBPersonIndex {
  return new DynamoDBPersonIndex(client, { name: tableName, ...personIndexTable }, effects);
}

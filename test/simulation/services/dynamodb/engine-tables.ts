import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { tableDefinitions } from '../../../support/test-dynamodb.ts';
import type { TableDefinition } from './definitions.ts';

export { tables } from '../../../support/test-dynamodb.ts';

/** The definition of a table that is created in an engine with this input. */
function definedAs(input: CreateTableCommandInput): TableDefinition {
  const [partitionKey = '', sortKey] = namesOf(input.KeySchema);
  const type = input.AttributeDefinitions?.find(
    ({ AttributeName }) => AttributeName === sortKey,
  )?.AttributeType;
  return {
    name: input.TableName ?? '',
    partitionKey,
    ...(sortKey !== undefined && { sortKey: { name: sortKey, type: type === 'N' ? 'N' : 'S' } }),
    indexes: (input.GlobalSecondaryIndexes ?? []).map(({ IndexName: name = '', KeySchema }) => {
      const [indexPartitionKey = '', indexSortKey = ''] = namesOf(KeySchema);
      return { name, partitionKey: indexPartitionKey, sortKey: indexSortKey };
    }),
  };
}

/** The names of the keys, with the partition key first, as every schema has it. */
function namesOf(schema: CreateTableCommandInput['KeySchema']): (string | undefined)[] {
  return (schema ?? []).map(({ AttributeName }) => AttributeName);
}

/** Every table of the stack, as the engines of the tests have them. */
export const stackTables: readonly TableDefinition[] = tableDefinitions.map(definedAs);

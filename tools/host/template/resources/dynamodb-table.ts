import { AwsError } from '../../aws-error.ts';
import { accountId, region } from '../../aws-json.ts';
import type { ResourceType } from '../world.ts';
import { migrateTable } from './migrate-table.ts';
import { optionalText } from './properties.ts';
import type { TableDefinition } from './table-definition.ts';

/** AWS::DynamoDB::Table. Every table is on demand here. One from an earlier start gets the indexes that the template has now. */
export const dynamodbTable: ResourceType = {
  properties: [
    'AttributeDefinitions',
    'GlobalSecondaryIndexes',
    'KeySchema',
    'StreamSpecification',
    'TableName',
  ],
  ignored: [
    'BillingMode',
    'DeletionProtectionEnabled',
    'PointInTimeRecoverySpecification',
    'SSESpecification',
  ],
  create: async ({ physicalName, properties }, { dynamodb, say }) => {
    const TableName = optionalText(properties, 'TableName') ?? physicalName;
    const StreamSpecification = properties['StreamSpecification'] as object | undefined;
    try {
      await dynamodb.call('CreateTable', {
        ...properties,
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
      });
    } catch (error) {
      // It exists from an earlier start.
      if (!(error instanceof AwsError) || error.code !== 'ResourceInUseException') throw error;
    }
    const definition = properties as unknown as TableDefinition;
    const table = await migrateTable({ dynamodb, tableName: TableName, say }, definition);
    // Each engine has a region of its own in its ARNs. The stream's ARN must be the engine's.
    const Arn = `arn:aws:dynamodb:${region}:${accountId}:table/${TableName}`;
    const { LatestStreamArn: StreamArn } = table;
    return { ref: TableName, attributes: { Arn, ...(StreamArn !== undefined && { StreamArn }) } };
  },
};

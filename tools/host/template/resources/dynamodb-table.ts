import { AwsError } from '../../aws-error.ts';
import { type AwsClient, accountId, region } from '../../aws-json.ts';
import { poll } from '../../poll.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceType } from '../world.ts';
import { optionalText } from './properties.ts';

const activeTimeoutMs = 10_000;

interface KeyElement {
  AttributeName: string;
  KeyType: string;
}

/** The keys and indexes of a table, which creating it again cannot change. */
interface TableShape {
  KeySchema: KeyElement[];
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: KeyElement[] }[];
}

interface TableDescription extends TableShape {
  TableStatus: string;
  LatestStreamArn?: string;
}

/** AWS::DynamoDB::Table. Every table is on demand here. */
export const dynamodbTable: ResourceType = {
  properties: [
    'AttributeDefinitions',
    'GlobalSecondaryIndexes',
    'KeySchema',
    'StreamSpecification',
    'TableName',
  ],
  ignored: ['BillingMode', 'DeletionProtectionEnabled', 'PointInTimeRecoverySpecification'],
  create: async ({ physicalName, properties }, { dynamodb }) => {
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
    const table = await untilActive(dynamodb, TableName);
    if (shapeOf(table) !== shapeOf(properties as unknown as TableShape)) {
      throw new UserError(
        `${TableName} exists from an earlier start with other keys or indexes: use an empty folder.`,
      );
    }
    // Each engine has a region of its own in its ARNs. The stream's ARN must be the engine's.
    const Arn = `arn:aws:dynamodb:${region}:${accountId}:table/${TableName}`;
    const { LatestStreamArn: StreamArn } = table;
    return { ref: TableName, attributes: { Arn, ...(StreamArn !== undefined && { StreamArn }) } };
  },
};

async function untilActive(dynamodb: AwsClient, TableName: string): Promise<TableDescription> {
  const describe = () => dynamodb.call<{ Table: TableDescription }>('DescribeTable', { TableName });
  const { Table } = await poll(describe, (answer) => answer.Table.TableStatus === 'ACTIVE', {
    timeoutMs: activeTimeoutMs,
    intervalMs: 20,
    onTimeout: () => new Error(`the table is not active after ${activeTimeoutMs} ms.`),
  });
  return Table;
}

function shapeOf({ KeySchema, GlobalSecondaryIndexes = [] }: TableShape): string {
  const keys = (schema: KeyElement[]) =>
    schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).sort();
  const indexes = GlobalSecondaryIndexes.map((index) => [index.IndexName, ...keys(index.KeySchema)]);
  return JSON.stringify([keys(KeySchema), indexes.sort()]);
}

import { setTimeout as delay } from 'node:timers/promises';
import { type AwsClient, AwsError, accountId, region } from '../../aws-json.ts';
import { UserError } from '../../user-error.ts';
import type { ResourceHandler } from '../world.ts';
import { optionalRecord, optionalText, pick } from './properties.ts';

const tableProperties = [
  'KeySchema',
  'AttributeDefinitions',
  'LocalSecondaryIndexes',
  'BillingMode',
  'ProvisionedThroughput',
];
const indexProperties = ['IndexName', 'KeySchema', 'Projection', 'ProvisionedThroughput'];
const activeTimeoutMs = 10_000;

interface KeyElement {
  AttributeName: string;
  KeyType: string;
}

interface TableDescription {
  TableStatus: string;
  LatestStreamArn?: string;
  KeySchema: KeyElement[];
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: KeyElement[] }[];
}

/** AWS::DynamoDB::Table and ::GlobalTable (with the one replica that is here). */
export const dynamodbTable: ResourceHandler = async ({ physicalName, properties }, { dynamodb }) => {
  const TableName = optionalText(properties, 'TableName') ?? physicalName;
  const input = createInput(TableName, properties);
  try {
    await dynamodb.call('CreateTable', input);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceInUseException') throw error;
  }
  const table = await untilActive(dynamodb, TableName);
  if (shapeOf(table) !== shapeOf(input as unknown as TableDescription)) {
    throw new UserError(
      `Table ${TableName} is here from an earlier start with other keys or indexes: use an empty folder.`,
    );
  }
  await enableTimeToLive(dynamodb, TableName, optionalRecord(properties, 'TimeToLiveSpecification'));
  // Engines have regions of their own in their ARNs; the stream's has to be as the engine knows it.
  const arn = `arn:aws:dynamodb:${region}:${accountId}:table/${TableName}`;
  return {
    ref: TableName,
    attributes: { Arn: arn, ...(table.LatestStreamArn && { StreamArn: table.LatestStreamArn }) },
  };
};

function createInput(TableName: string, properties: Readonly<Record<string, unknown>>): object {
  const indexes = properties['GlobalSecondaryIndexes'] as Record<string, unknown>[] | undefined;
  const stream = optionalRecord(properties, 'StreamSpecification');
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    ...pick(properties, tableProperties),
    ...(indexes && { GlobalSecondaryIndexes: indexes.map((index) => pick(index, indexProperties)) }),
    ...(stream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: stream['StreamViewType'] },
    }),
  };
}

async function untilActive(dynamodb: AwsClient, TableName: string): Promise<TableDescription> {
  const deadline = Date.now() + activeTimeoutMs;
  for (;;) {
    const { Table } = await dynamodb.call<{ Table: TableDescription }>('DescribeTable', { TableName });
    if (Table.TableStatus === 'ACTIVE') return Table;
    if (Date.now() > deadline)
      throw new Error(`Table ${TableName} is not active after ${activeTimeoutMs} ms`);
    await delay(20);
  }
}

/** Everything about a table that cannot be changed by creating it again. */
function shapeOf({ KeySchema, GlobalSecondaryIndexes = [] }: TableDescription): string {
  const keys = (schema: KeyElement[]) =>
    schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).sort();
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: schema }) => [
    IndexName,
    ...keys(schema),
  ]);
  return JSON.stringify([keys(KeySchema), indexes.sort()]);
}

async function enableTimeToLive(
  dynamodb: AwsClient,
  TableName: string,
  specification: Readonly<Record<string, unknown>> | undefined,
): Promise<void> {
  if (specification?.['Enabled'] !== true) return;
  const { TimeToLiveDescription } = await dynamodb.call<{
    TimeToLiveDescription?: { TimeToLiveStatus?: string };
  }>('DescribeTimeToLive', { TableName });
  if (TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') return;
  const TimeToLiveSpecification = pick(specification, ['AttributeName', 'Enabled']);
  await dynamodb.call('UpdateTimeToLive', { TableName, TimeToLiveSpecification });
}

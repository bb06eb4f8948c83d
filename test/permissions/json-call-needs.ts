import { eventLogTable } from '../../schema/tables.ts';
import { accountId, region } from '../../tools/host/aws-json.ts';
import type { Needs } from './aws-call.ts';
import type { Permission } from './policy.ts';

type Input = Readonly<Record<string, unknown>>;
type PermissionsOf = (input: Input) => readonly Permission[];

const itemOperations = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * Operations of DynamoDB, and the permissions they need.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_dynamodb.html
 */
const dynamodb: Readonly<Record<string, PermissionsOf>> = {
  ...Object.fromEntries(
    itemOperations.map((operation) => [
      operation,
      (input: Input) => [onItem(`dynamodb:${operation}`, input)],
    ]),
  ),
  Query: readOf('dynamodb:Query'),
  Scan: readOf('dynamodb:Scan'),
  BatchGetItem: ({ RequestItems }) => onTables('dynamodb:BatchGetItem', RequestItems),
  BatchWriteItem: ({ RequestItems }) => onTables('dynamodb:BatchWriteItem', RequestItems),
  TransactGetItems: ({ TransactItems }) => inTransaction(TransactItems),
  TransactWriteItems: ({ TransactItems }) => inTransaction(TransactItems),
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_kinesis.html */
const kinesis: Readonly<Record<string, PermissionsOf>> = {
  PutRecord: (input) => [onStream('kinesis:PutRecord', input)],
  PutRecords: (input) => [onStream('kinesis:PutRecords', input)],
};

/**
 * A batch needs the permission of a single message.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_sqs.html
 */
const sqs: Readonly<Record<string, PermissionsOf>> = {
  GetQueueAttributes: (input) => [onQueue('sqs:GetQueueAttributes', input)],
  SendMessage: (input) => [onQueue('sqs:SendMessage', input)],
  SendMessageBatch: (input) => [onQueue('sqs:SendMessage', input)],
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
const kms: Readonly<Record<string, PermissionsOf>> = {
  Decrypt: (input) => [onKey('kms:Decrypt', input)],
  GenerateDataKey: (input) => [onKey('kms:GenerateDataKey', input)],
};

const services = {
  DynamoDB_20120810: ['dynamodb', dynamodb],
  Kinesis_20131202: ['kinesis', kinesis],
  AmazonSQS: ['sqs', sqs],
  TrentService: ['kms', kms],
} as const;

/**
 * What a call in one of AWS's JSON protocols needs. Undefined for an unknown operation.
 * @param target the header `x-amz-target`
 */
export function jsonCallNeeds(target: string, body: Buffer): Needs | undefined {
  const [prefix = '', operation = ''] = target.split('.');
  if (!Object.hasOwn(services, prefix)) return undefined;
  const [service, operations] = services[prefix as keyof typeof services];
  if (!Object.hasOwn(operations, operation)) return undefined;
  const permissions = operations[operation]?.(JSON.parse(body.toString('utf8'))) ?? [];
  return { operation: `${service}:${operation}`, permissions };
}

/** An index is a resource of its own: reading it needs no permission for its table. */
function readOf(action: string): PermissionsOf {
  return ({ TableName, IndexName }) => {
    const { resource } = onTable(action, TableName);
    return [{ action, resource: IndexName === undefined ? resource : `${resource}/index/${IndexName}` }];
  };
}

function onTables(action: string, requestItems: unknown): Permission[] {
  return Object.keys(requestItems ?? {}).map((table) => onTable(action, table));
}

/**
 * A transaction is not an action. Each of its items needs the permission of its operation; a condition check has an action
 * of its own. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
function inTransaction(transactItems: unknown): Permission[] {
  const items = transactItems as readonly Readonly<Record<string, Input>>[];
  return items.flatMap((item) =>
    Object.entries(item).map(([kind, input]) => onItem(`dynamodb:${kind}Item`, input)),
  );
}

/** Of the tables, only the log and the snapshots have this partition key. Conditions on keys of other tables are not supported. */
function onItem(action: string, { TableName, Item, Key }: Input): Permission {
  const attributes = (Item ?? Key ?? {}) as Readonly<Record<string, { readonly S?: string } | undefined>>;
  const leadingKey = attributes[eventLogTable.partitionKey]?.S;
  return { ...onTable(action, TableName), ...(leadingKey !== undefined && { leadingKey }) };
}

function onTable(action: string, table: unknown): Permission {
  return { action, resource: arn('dynamodb', `table/${table}`, table) };
}

function onStream(action: string, { StreamARN, StreamName }: Input): Permission {
  return { action, resource: arn('kinesis', `stream/${StreamName}`, StreamARN) };
}

function onQueue(action: string, { QueueUrl }: Input): Permission {
  return { action, resource: arn('sqs', String(QueueUrl).split('/').at(-1) ?? '', undefined) };
}

/** Functions name the key by its ARN. */
function onKey(action: string, { KeyId }: Input): Permission {
  return { action, resource: arn('kms', `key/${KeyId}`, KeyId) };
}

/** Returns `given` when it is an ARN already. */
function arn(service: string, resource: string, given: unknown): string {
  if (typeof given === 'string' && given.startsWith('arn:')) return given;
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

import { standardAttributes, systemNames } from '../../schema/tracing.ts';

/** A call of AWS by an SDK client. Attributes are named as in `schema/tracing.ts`. */
export interface ObservedCall {
  /** `DynamoDB` */
  readonly service: string;
  /** `PutItem` */
  readonly operation: string;
  readonly attributes: Readonly<Record<string, string | number | readonly string[] | undefined>>;
}

type Attributes = ObservedCall['attributes'];
type Input = Readonly<Record<string, unknown>>;

/** What a call is about, from its input: names of tables, queues, streams and buckets, and nothing of its content. */
export function describeCall(
  { clientName = 'AWS', commandName = 'Command' }: { clientName?: string; commandName?: string },
  input: unknown,
): ObservedCall {
  const service = clientName.replace(/Client$/, '');
  const operation = commandName.replace(/Command$/, '');
  const about = isRecord(input) ? (describedBy[service]?.(input, operation) ?? {}) : {};
  return {
    service,
    operation,
    attributes: {
      [standardAttributes.rpcSystem]: 'aws-api',
      [standardAttributes.rpcMethod]: `${service}/${operation}`,
      ...about,
    },
  };
}

const describedBy: Readonly<Record<string, (input: Input, operation: string) => Attributes>> = {
  DynamoDB: (input, operation) => {
    const tables = [...new Set(tablesOf(input))];
    return {
      [standardAttributes.dbSystem]: systemNames.dynamodb,
      [standardAttributes.dbOperation]: operation,
      [standardAttributes.dynamodbTables]: tables,
      [standardAttributes.dbCollection]: tables.length === 1 ? tables[0] : undefined,
    };
  },
  SQS: (input, operation) => ({
    [standardAttributes.messagingSystem]: systemNames.sqs,
    [standardAttributes.messagingDestination]: lastPart(input['QueueUrl']),
    ...sending(operation, 'SendMessage', input['Entries']),
  }),
  Kinesis: (input, operation) => ({
    [standardAttributes.messagingSystem]: systemNames.kinesis,
    [standardAttributes.messagingDestination]: name(input['StreamName']),
    [standardAttributes.kinesisStream]: name(input['StreamName']),
    ...sending(operation, 'PutRecord', input['Records']),
  }),
  S3: (input) => ({ [standardAttributes.s3Bucket]: name(input['Bucket']) }),
};

/** The attributes of a send: `SendMessage` and `SendMessageBatch`, `PutRecord` and `PutRecords`. */
function sending(operation: string, send: string, batch: unknown): Attributes {
  if (!operation.startsWith(send)) return {};
  return {
    [standardAttributes.messagingOperationName]: operation,
    [standardAttributes.messagingOperationType]: 'send',
    [standardAttributes.messagingBatchCount]: Array.isArray(batch) ? batch.length : undefined,
  };
}

/** Of one item (`TableName`), of a batch (`RequestItems`), or of a transaction (`TransactItems`). */
function tablesOf(input: Input): readonly string[] {
  const { TableName, RequestItems, TransactItems } = input;
  if (typeof TableName === 'string') return [TableName];
  if (isRecord(RequestItems)) return Object.keys(RequestItems);
  if (!Array.isArray(TransactItems)) return [];
  return TransactItems.flatMap((item: unknown) =>
    isRecord(item)
      ? Object.values(item).flatMap((part) => (isRecord(part) ? (name(part['TableName']) ?? []) : []))
      : [],
  );
}

/** `https://sqs.eu-central-1.amazonaws.com/123456789012/name` */
function lastPart(url: unknown): string | undefined {
  return name(url)?.split('/').at(-1);
}

function name(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Input {
  return typeof value === 'object' && value !== null;
}

import type { Item } from './definitions.ts';
import { NotSimulatedError } from './definitions.ts';

/** What several operations have in their input. */
export interface Expressions {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
}

export interface ConditionalRequest extends Expressions {
  readonly TableName?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ReturnValues?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

export interface PutRequest extends ConditionalRequest {
  readonly Item?: Item | undefined;
}

export interface KeyRequest extends ConditionalRequest {
  readonly Key?: Item | undefined;
}

export interface UpdateRequest extends KeyRequest {
  readonly UpdateExpression?: string | undefined;
}

export interface GetRequest extends Expressions {
  readonly TableName?: string | undefined;
  readonly Key?: Item | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly ProjectionExpression?: string | undefined;
}

export interface PageRequest extends Expressions {
  readonly TableName?: string | undefined;
  readonly Limit?: number | undefined;
  readonly ExclusiveStartKey?: Item | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly Select?: string | undefined;
}

export interface QueryRequest extends PageRequest {
  readonly IndexName?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ScanIndexForward?: boolean | undefined;
}

export interface ScanRequest extends PageRequest {
  readonly Segment?: number | undefined;
  readonly TotalSegments?: number | undefined;
}

export interface BatchGetRequest {
  readonly RequestItems?:
    | Readonly<Record<string, Omit<GetRequest, 'Key' | 'TableName'> & { readonly Keys?: readonly Item[] }>>
    | undefined;
}

export interface BatchWriteRequest {
  readonly RequestItems?:
    | Readonly<
        Record<
          string,
          readonly {
            readonly PutRequest?: { readonly Item?: Item };
            readonly DeleteRequest?: { readonly Key?: Item };
          }[]
        >
      >
    | undefined;
}

/** One write of a transaction: exactly one of these. */
export interface TransactedWrite {
  readonly Put?: PutRequest | undefined;
  readonly Update?: UpdateRequest | undefined;
  readonly Delete?: KeyRequest | undefined;
  readonly ConditionCheck?: KeyRequest | undefined;
}

export interface TransactionRequest {
  readonly TransactItems?: readonly TransactedWrite[] | undefined;
  readonly ClientRequestToken?: string | undefined;
}

const expressions = ['TableName', 'ExpressionAttributeNames', 'ExpressionAttributeValues'];
const conditional = [...expressions, 'ConditionExpression', 'ReturnValuesOnConditionCheckFailure'];
const paged = [
  'Limit',
  'ExclusiveStartKey',
  'ConsistentRead',
  'FilterExpression',
  'ProjectionExpression',
  'Select',
];

/** What the simulation knows of each operation's input. */
const members: Readonly<Record<string, ReadonlySet<string>>> = {
  GetItem: new Set([
    'TableName',
    'ExpressionAttributeNames',
    'Key',
    'ConsistentRead',
    'ProjectionExpression',
  ]),
  PutItem: new Set([...conditional, 'Item', 'ReturnValues']),
  DeleteItem: new Set([...conditional, 'Key', 'ReturnValues']),
  UpdateItem: new Set([...conditional, 'Key', 'UpdateExpression', 'ReturnValues']),
  Query: new Set([...expressions, ...paged, 'IndexName', 'KeyConditionExpression', 'ScanIndexForward']),
  Scan: new Set([...expressions, ...paged, 'Segment', 'TotalSegments']),
  BatchGetItem: new Set(['RequestItems']),
  BatchWriteItem: new Set(['RequestItems']),
  TransactWriteItems: new Set(['TransactItems', 'ClientRequestToken']),
};

/** Throws if the simulation does not know the operation, or something in its input. */
export function requireKnown(operation: string, input: Readonly<Record<string, unknown>>): void {
  const known = members[operation];
  if (known === undefined) throw new NotSimulatedError(`The operation ${operation}`);
  for (const name in input) {
    if (known.has(name) || input[name] === undefined) continue;
    throw new NotSimulatedError(`${name} in the input of ${operation}`);
  }
}

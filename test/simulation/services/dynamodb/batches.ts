import type { Item, ServiceCall } from './definitions.ts';
import { parseProjection, projected, projectedNames } from './expressions/projection.ts';
import { Substitutions } from './expressions/substitutions.ts';
import type { KeyTexts } from './keys.ts';
import { instantOf } from './pages.ts';
import type { BatchGetRequest, BatchWriteRequest, GetRequest } from './requests.ts';
import { invalid } from './service-errors.ts';
import type { Table } from './table.ts';
import { readable, type StoredItem } from './values.ts';
import { checkedItem, required } from './writes.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const getMaxKeys = 100;
const writeMaxItems = 25;

type TableOf = (name: string | undefined) => Table;

/** Reads one item. */
export function getItem(table: Table, request: GetRequest, call: ServiceCall): object {
  const item = reader(table, request)(table.schema.ofExactly(required(request.Key, 'Key')), call);
  return item ? { Item: item } : {};
}

/** Reads items in the order of their keys. Nothing stays unprocessed. */
export function batchGet(
  tableOf: TableOf,
  { RequestItems = {} }: BatchGetRequest,
  call: ServiceCall,
): object {
  const parts = Object.entries(RequestItems).map(([name, { Keys = [], ...request }]) => {
    const table = tableOf(name);
    return { name, read: reader(table, request), keys: Keys.map((key) => table.schema.ofExactly(key)) };
  });
  for (const { keys } of parts) {
    requireCount(keys.length, Infinity);
    requireDistinct(keys, 'Provided list of item keys contains duplicates');
  }
  requireCount(
    parts.reduce((sum, { keys }) => sum + keys.length, 0),
    getMaxKeys,
  );
  const Responses: Record<string, Item[]> = {};
  for (const { name, read, keys } of parts) {
    Responses[name] = keys.map((key) => read(key, call)).filter((item) => item !== undefined);
  }
  return { Responses, UnprocessedKeys: {} };
}

/** Puts and deletes items. Nothing stays unprocessed. */
export function batchWrite(
  tableOf: TableOf,
  { RequestItems = {} }: BatchWriteRequest,
  call: ServiceCall,
): object {
  const writes: { readonly table: Table; readonly key: KeyTexts; readonly after: StoredItem | undefined }[] =
    [];
  for (const [name, requests] of Object.entries(RequestItems)) {
    const table = tableOf(name);
    requireCount(requests.length, writeMaxItems);
    const own = requests.map(({ PutRequest, DeleteRequest }) => {
      if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
        throw invalid('Supplied WriteRequest must have exactly one of PutRequest and DeleteRequest');
      }
      if (PutRequest === undefined) {
        const key = table.schema.ofExactly(required(DeleteRequest?.Key, 'Key'));
        return { table, key, after: undefined };
      }
      const after = checkedItem(table, required(PutRequest.Item, 'Item'));
      return { table, key: table.schema.of(after.item), after };
    });
    requireDistinct(
      own.map(({ key }) => key),
      'Provided list of item keys contains duplicates',
    );
    writes.push(...own);
  }
  requireCount(writes.length, writeMaxItems);
  for (const { table, key, after } of writes) table.change(key, after, call.nowMs);
  return { UnprocessedItems: {} };
}

function reader(table: Table, request: Omit<GetRequest, 'Key'>) {
  const { ProjectionExpression, ConsistentRead } = request;
  const projection = ProjectionExpression === undefined ? undefined : parseProjection(ProjectionExpression);
  const own = new Substitutions(request, [projection]);
  const names = projection && projectedNames(projection.tree, own);
  return (key: KeyTexts, call: ServiceCall): Item | undefined => {
    const version = table.find(key, instantOf(table, ConsistentRead, call));
    if (version === undefined) return undefined;
    return names ? projected(readable(version), names) : readable(version);
  };
}

function requireCount(count: number, max: number): void {
  if (count === 0) throw invalid('RequestItems must not be empty');
  if (count > max)
    throw invalid(
      `Too many items requested for the call; Member must have length less than or equal to ${max}`,
    );
}

function requireDistinct(keys: readonly KeyTexts[], message: string): void {
  const texts = keys.map(({ partition, sort }) => JSON.stringify([partition, sort]));
  if (new Set(texts).size < texts.length) throw invalid(message);
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc, { type Arbitrary } from 'fast-check';
import { tables } from './engine-tables.ts';
import {
  comparisons,
  condition,
  joined,
  named,
  nameOf,
  number,
  type Part,
  text,
  value,
  valued,
  withExpressions,
} from './random-expressions.ts';

/** A call, by the name of its command without "Command". */
export interface RandomCall {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Item = Record<string, AttributeValue>;

const { readModel, eventLog, control } = tables;
const list = readModel.listIndex('byId');
const partitions = ['a', 'b', 'ż'];
const texts = ['entry', 'line#1', 'line#10', 'line#2', 'line#\u{1f41f}', 'line#\uffee', 'row'];
const attributes = ['count', 'data', 'flag', 'bytes'];

/** Mostly right keys, some of another type, empty or missing. */
const mostly = (right: Arbitrary<AttributeValue>): Arbitrary<AttributeValue | undefined> =>
  fc.oneof({ weight: 60, arbitrary: right }, fc.constantFrom({ S: '' }, { N: '1' }, { S: '1' }, undefined));

/** Any keys, or only right ones. */
type Which = 'key' | 'rightKey';
type Of = ReturnType<typeof keysOf>;
type Keys = Readonly<Record<string, Arbitrary<AttributeValue>>>;

function keysOf(tableName: string, parts: Keys) {
  const odd = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, mostly(part)]));
  return { tableName, names: Object.keys(parts), key: present(odd), rightKey: present(parts) };
}

const keys = {
  readModel: keysOf(readModel.name, {
    [readModel.partitionKey]: text(partitions),
    [readModel.sortKey]: text(texts),
  }),
  eventLog: keysOf(eventLog.name, { [eventLog.partitionKey]: text(partitions), [eventLog.sortKey]: number }),
  control: keysOf(control.name, { [control.partitionKey]: text(partitions) }),
};

function present(parts: Readonly<Record<string, Arbitrary<AttributeValue | undefined>>>): Arbitrary<Item> {
  return fc
    .record(parts)
    .map((item) => Object.fromEntries(Object.entries(item).filter(([, one]) => one !== undefined)) as Item);
}

const table = fc.constantFrom(keys.readModel, keys.readModel, keys.eventLog, keys.control);

const others = present(
  Object.fromEntries(attributes.map((name) => [name, fc.option(value, { nil: undefined, freq: 2 })])),
);
const noEntry = { weight: 3, arbitrary: fc.constant<Item>({}) };
const place = { [list.partitionKey]: text(['l0', 'l1']), [list.sortKey]: text(texts) };
const entries = {
  key: fc.oneof(
    noEntry,
    present(Object.fromEntries(Object.entries(place).map(([n, of]) => [n, mostly(of)]))),
  ),
  rightKey: fc.oneof(noEntry, present(place)),
};
const itemWith = (of: Of, which: Which) =>
  fc.tuple(of[which], others, entries[which]).map((parts): Item => Object.assign({}, ...parts));

const odd = fc.nat({ max: 60 });
const maybe = <Value>(of: Arbitrary<Value>, freq = 2) => fc.option(of, { nil: undefined, freq });
const anyAttribute = [...attributes, readModel.partitionKey, readModel.sortKey, list.partitionKey];

const update: Arbitrary<Part> = fc
  .tuple(
    fc.uniqueArray(nameOf([...attributes, list.partitionKey, list.sortKey]), { minLength: 1, maxLength: 4 }),
    fc.array(fc.option(value, { nil: undefined }), { minLength: 4, maxLength: 4 }),
  )
  .map(([names, values]) => {
    const parts = names.map((name, index) => {
      const of = values[index];
      const isKey = !attributes.includes(name);
      return { name: named(name), value: of && isKey ? { S: of.S || 'row' } : of };
    });
    const set = parts.flatMap(({ name, value }) =>
      value === undefined ? [] : [joined((a, b) => `${a} = ${b}`, name, valued(value))],
    );
    const removed = parts.filter(({ value }) => value === undefined).map(({ name }) => name);
    const all = (word: string, each: readonly Part[]) =>
      each.length === 0 ? [] : [joined((...texts) => `${word} ${texts.join(', ')}`, ...each)];
    return joined((...each) => each.join(' '), ...all('SET', set), ...all('REMOVE', removed));
  });

const onFailure = fc.constantFrom(undefined, 'NONE', 'ALL_OLD');

/** A write. `which`: the keys that it may have. */
const write = (which: Which): Arbitrary<RandomCall> =>
  table.chain((of) =>
    fc
      .record({
        kind: fc.constantFrom('PutItem', 'PutItem', 'PutItem', 'UpdateItem', 'UpdateItem', 'DeleteItem'),
        item: itemWith(of, which),
        key: of[which],
        when: maybe(condition(anyAttribute)),
        change: update,
        fails: onFailure,
        odd: which === 'key' ? odd : fc.constant(0),
      })
      .map(({ kind, item, key, when, change, fails, odd }) => ({
        operation: kind,
        input: {
          ...{ TableName: of.tableName, ReturnValuesOnConditionCheckFailure: fails },
          ...(kind === 'PutItem' ? { Item: item } : { Key: key }),
          ...withExpressions(
            { ConditionExpression: when, ...(kind === 'UpdateItem' && { UpdateExpression: change }) },
            // The engine of the tests looks for unused placeholders after the condition only.
            when === undefined ? odd : 0,
          ),
        },
      })),
  );

const returning = fc

  .tuple(write('key'), fc.constantFrom(undefined, 'NONE', 'ALL_OLD', 'ALL_NEW'))
  // The engine of the tests returns the key of an item that an update creates as what was before.
  .filter(([{ operation }, values]) => operation !== 'UpdateItem' || values !== 'ALL_OLD')
  .map(([call, ReturnValues]) => ({ ...call, input: { ...call.input, ReturnValues } }));

const transactionPart: Readonly<Record<string, string>> = {
  PutItem: 'Put',
  UpdateItem: 'Update',
  DeleteItem: 'Delete',
};
/** The engine of the tests does not check the keys in a transaction. */
const transaction = fc.array(write('rightKey'), { minLength: 1, maxLength: 3 }).map((writes) => ({
  operation: 'TransactWriteItems',
  input: {
    TransactItems: writes.map(({ operation, input }) => ({ [transactionPart[operation] ?? '']: input })),
  },
}));

const projection = fc
  .uniqueArray(nameOf(attributes).map(named), { minLength: 1, maxLength: 3, selector: (part) => part.text })
  .map((parts) => joined((...each) => each.join(', '), ...parts));

/** The projection of a page always has the keys: without them, the pages of the engine of the tests never end. */
const projectionWith = (keyNames: readonly string[]) =>
  projection.map((part) => joined((...each) => each.join(', '), ...keyNames.map(named), part));

const get = table.chain((of) =>
  fc.record({ key: of.key, projection: maybe(projection), odd }).map(({ key, projection, odd }) => ({
    operation: 'GetItem',
    input: {
      ...{ TableName: of.tableName, Key: key, ConsistentRead: true },
      ...withExpressions({ ProjectionExpression: projection }, odd === 2 ? 0 : odd),
    },
  })),
);

const batchGet = fc
  .record({
    rows: fc.array(keys.readModel.key, { minLength: 1, maxLength: 4 }),
    commits: fc.array(keys.eventLog.key, { maxLength: 2 }),
  })
  .map(({ rows, commits }) => ({
    operation: 'BatchGetItem',
    input: {
      RequestItems: {
        [readModel.name]: { Keys: rows, ConsistentRead: true },
        ...(commits.length > 0 && { [eventLog.name]: { Keys: commits, ConsistentRead: true } }),
      },
    },
  }));

const batchWrite = table.chain((of) =>
  fc
    .array(
      fc.oneof(
        itemWith(of, 'rightKey').map((Item) => ({ PutRequest: { Item } })),
        of.rightKey.map((Key) => ({ DeleteRequest: { Key } })),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((requests) => ({
      operation: 'BatchWriteItem',
      input: { RequestItems: { [of.tableName]: requests } },
    })),
);

/** The condition of a query: of the partition, and of the sort key. */
function keyCondition(
  partitionKey: string,
  sortKey: string,
  own: readonly string[],
  sorts: Arbitrary<AttributeValue>,
) {
  const partition = text(own).map((of) => joined((a, b) => `${a} = ${b}`, named(partitionKey), valued(of)));
  const name = named(sortKey);
  const prefix = text(['line#', 'line#1', 'row']).map(valued);
  const sort = fc.oneof(
    fc
      .tuple(fc.constantFrom(...comparisons), sorts.map(valued))
      .map(([by, one]) => joined((a, b) => `${a} ${by} ${b}`, name, one)),
    fc
      .tuple(sorts.map(valued), sorts.map(valued))
      .map((pair) => joined((a, b, c) => `${a} BETWEEN ${b} AND ${c}`, name, ...pair)),
    ...(sorts === number
      ? []
      : [prefix.map((one) => joined((a, b) => `begins_with(${a}, ${b})`, name, one))]),
  );
  return fc
    .tuple(partition, maybe(sort, 4))
    .map(([one, other]) => (other === undefined ? one : joined((a, b) => `${a} AND ${b}`, one, other)));
}

interface Queried {
  readonly names: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
  readonly when: Arbitrary<Part>;
}

const queried = fc.constantFrom<Queried>(
  {
    names: keys.readModel.names,
    input: { TableName: readModel.name, ConsistentRead: true },
    when: keyCondition(readModel.partitionKey, readModel.sortKey, partitions, text(texts)),
  },
  {
    names: keys.eventLog.names,
    input: { TableName: eventLog.name, ConsistentRead: true },
    when: keyCondition(eventLog.partitionKey, eventLog.sortKey, partitions, number),
  },
  {
    names: [],
    input: { TableName: readModel.name, IndexName: list.name },
    when: keyCondition(list.partitionKey, list.sortKey, ['l0', 'l1'], text(texts)),
  },
);

const query = queried.chain(({ names, input, when }) =>
  fc
    .record({
      when,
      filter: maybe(condition([...attributes, 'absent']), 4),
      projection: maybe(projectionWith(names), 4),
      select: fc.constantFrom(undefined, undefined, 'COUNT'),
      limit: maybe(fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constant(0))),
      isForward: maybe(fc.boolean()),
      odd,
    })
    .map(({ when, filter, projection, select, limit, isForward, odd }) => ({
      operation: 'Query',
      input: {
        ...input,
        ...{ Select: select, Limit: limit, ScanIndexForward: isForward },
        ...withExpressions(
          {
            KeyConditionExpression: when,
            // Attributes that an index does not have are refused.
            FilterExpression: 'IndexName' in input ? undefined : filter,
            ProjectionExpression: 'IndexName' in input ? undefined : projection,
          },
          odd,
        ),
      },
    })),
);

const scan = table.chain((of) =>
  fc
    .record({
      filter: maybe(condition(anyAttribute)),
      projection: maybe(projectionWith(of.names), 4),
      limit: maybe(fc.integer({ min: 1, max: 4 })),
      segments: fc.constantFrom(undefined, 1, 3),
      odd,
    })
    .map(({ filter, projection, limit, segments, odd }) => ({
      operation: 'Scan',
      input: {
        ...{ TableName: of.tableName, ConsistentRead: true, Limit: limit, TotalSegments: segments },
        ...withExpressions(
          { FilterExpression: filter, ProjectionExpression: projection },
          // The engine of the tests looks for the placeholders of a filter only if there are items.
          odd > 2 ? 0 : odd,
        ),
      },
    })),
);

/** Calls with few keys, so that they often meet the same items. Most are valid. */
export const randomCalls: Arbitrary<RandomCall[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: returning },
    { weight: 2, arbitrary: batchWrite },
    { weight: 2, arbitrary: transaction },
    get,
    batchGet,
    { weight: 5, arbitrary: query },
    { weight: 2, arbitrary: scan },
  ),
  { minLength: 10, maxLength: 40, size: 'max' },
);

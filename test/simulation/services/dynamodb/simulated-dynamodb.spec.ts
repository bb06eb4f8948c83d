import { describe, expect, it } from '@jest/globals';
import type { Item, ItemChange, TableDefinition } from './definitions.ts';
import { SimulatedDynamoDB } from './simulated-dynamodb.ts';

const rows: TableDefinition = {
  name: 'Rows',
  partitionKey: 'pk',
  sortKey: { name: 'sk', type: 'S' },
  indexes: [{ name: 'list', partitionKey: 'shard', sortKey: 'place' }],
};
const numbered: TableDefinition = {
  ...rows,
  name: 'Numbered',
  sortKey: { name: 'sk', type: 'N' },
  indexes: [],
};
const key = (sk = 'a', pk = 'p') => ({ pk: { S: pk }, sk: { S: sk } });
const call = { nowMs: 1_000, staleMs: () => 0 };

function started() {
  const service = new SimulatedDynamoDB([rows, numbered]);
  const send = (operation: string, input: object, nowMs = call.nowMs) =>
    service.execute(operation, { TableName: 'Rows', ...input }, { ...call, nowMs });
  return { service, send };
}

const values = (of: Item) => ({ ExpressionAttributeValues: of });
const put = (more: object) => ['PutItem', { Item: key(), ...more }] as const;
const when = (condition: string, of?: Item) =>
  put({
    ConditionExpression: condition,
    ExpressionAttributeNames: { '#n': 'n' },
    ...(of && values(of)),
  });
const update = (text: string) => {
  const ExpressionAttributeNames = text.includes('#n') ? { '#n': 'n' } : { '#sk': 'sk' };
  return ['UpdateItem', { Key: key(), UpdateExpression: text, ExpressionAttributeNames }] as const;
};
const query = (condition: string, of: Item, more: object = {}) => {
  const used = Object.entries({ '#pk': 'pk', '#sk': 'sk', '#n': 'n' }).filter(([name]) =>
    JSON.stringify([condition, more]).includes(name),
  );
  return [
    'Query',
    {
      KeyConditionExpression: condition,
      ExpressionAttributeNames: Object.fromEntries(used),
      ...values(of),
      ...more,
    },
  ] as const;
};
const ofP = { ':p': { S: 'p' } };
const transaction = (...TransactItems: object[]) => ({ TableName: undefined, TransactItems });

describe('a simulated DynamoDB refuses, as DynamoDB does and the engine of the tests does not,', () => {
  it.each<readonly [string, string, readonly [string, object]]>([
    [
      'a type that does not exist',
      'Invalid attribute type',
      when('attribute_type(#n, :t)', { ':t': { S: 'T' } }),
    ],
    ['a type that is no text', 'operand type: N', when('attribute_type(#n, :t)', { ':t': { N: '1' } })],
    ['an order of a type without order', 'operand type: BOOL', when('#n < :yes', { ':yes': { BOOL: true } })],
    ['a number as prefix', 'operand type: N', when('begins_with(#n, :one)', { ':one': { N: '1' } })],
    ['bounds of two types', 'BETWEEN', when('#n BETWEEN :a AND :b', { ':a': { N: '1' }, ':b': { S: '2' } })],
    [
      'bounds in the wrong order',
      'BETWEEN',
      when('#n BETWEEN :a AND :b', { ':a': { N: '2' }, ':b': { N: '1' } }),
    ],
    ['a comparison of an attribute with itself', 'distinct', when('#n = #n')],
    [
      'an update of the key',
      'part of the key',
      ['UpdateItem', { ...update('SET #sk = :v')[1], ...values({ ':v': { S: 'b' } }) }],
    ],
    ['the removal of the key', 'part of the key', update('REMOVE #sk')],
    ['an update that names an attribute twice', 'overlap', update('REMOVE #n, #n')],
    ['an empty key in a batch', 'empty', ['BatchWriteItem', batchOf({ PutRequest: { Item: key('') } })]],
    [
      'an empty key in a transaction',
      'empty',
      ['TransactWriteItems', transaction({ Put: { TableName: 'Rows', Item: key('') } })],
    ],
    ['a partition of another type', 'schema type', query('#pk = :p', { ':p': { N: '1' } })],
    ['an empty sort key in a query', 'empty', query('#pk = :p AND #sk = :s', { ...ofP, ':s': { S: '' } })],
    [
      'a prefix of a number',
      'schema type',
      query('#pk = :p AND begins_with(#sk, :s)', { ...ofP, ':s': { S: '1' } }, { TableName: 'Numbered' }),
    ],
    [
      'a start key in another partition',
      'outside',
      query('#pk = :p', ofP, { ExclusiveStartKey: key('a', 'q') }),
    ],
    [
      'a start key outside the range',
      'range key',
      query('#pk = :p AND #sk > :s', { ...ofP, ':s': { S: 'b' } }, { ExclusiveStartKey: key('a') }),
    ],
    [
      'a start key of another segment',
      'correct Segment',
      ['Scan', { Segment: segmentWithout('p'), TotalSegments: 2, ExclusiveStartKey: key() }],
    ],
    [
      'a filter on the key of a query',
      'non-primary',
      query('#pk = :p', ofP, { FilterExpression: 'attribute_exists(#sk)' }),
    ],
    [
      'a consistent read of an index',
      'Consistent reads',
      query('#n = :p', ofP, { IndexName: 'list', ConsistentRead: true }),
    ],
    ['a sort key of more than 1 KB', 'size limit', put({ Item: key('x'.repeat(1_025)) })],
  ])('%s', (_name, message, [operation, input]) => {
    expect(() => started().send(operation, input)).toThrow(
      expect.objectContaining({ name: 'ValidationException', message: expect.stringContaining(message) }),
    );
  });

  function batchOf(...requests: object[]) {
    return { TableName: undefined, RequestItems: { Rows: requests } };
  }

  function segmentWithout(pk: string): number {
    const { service, send } = started();
    service.put('Rows', key('a', pk), 0);
    return [0, 1].find((Segment) => itemsOf(send('Scan', { Segment, TotalSegments: 2 })).length === 0) ?? 0;
  }
});

describe('a simulated DynamoDB has the limit', () => {
  const large = 'x'.repeat(400 * 1024);
  const keys = (count: number) => Array.from({ length: count }, (_, index) => key(`${index}`));
  const puts = (count: number) => keys(count).map((Item) => ({ PutRequest: { Item } }));
  const batch = (requests: object) => ({ TableName: undefined, RequestItems: { Rows: requests } });
  const transacted = (count: number) => keys(count).map((Item) => ({ Put: { TableName: 'Rows', Item } }));

  it.each<readonly [string, string, object, object]>([
    [
      '400 KB an item',
      'PutItem',
      { Item: { ...key(), n: { S: large.slice(10) } } },
      { Item: { ...key(), n: { S: large } } },
    ],
    ['25 writes a batch', 'BatchWriteItem', batch(puts(25)), batch(puts(26))],
    ['100 keys a batch', 'BatchGetItem', batch({ Keys: keys(100) }), batch({ Keys: keys(101) })],
    [
      '100 writes a transaction',
      'TransactWriteItems',
      transaction(...transacted(100)),
      transaction(...transacted(101)),
    ],
    ['1 write of a key a batch', 'BatchWriteItem', batch(puts(1)), batch([...puts(1), ...puts(1)])],
    [
      '1 write of a key a transaction',
      'TransactWriteItems',
      transaction(...transacted(1)),
      transaction(...transacted(1), ...transacted(1)),
    ],
  ])('%s', (_name, operation, within, beyond) => {
    expect(() => started().send(operation, within)).not.toThrow();
    const { service, send } = started();
    expect(() => send(operation, beyond)).toThrow(expect.objectContaining({ name: 'ValidationException' }));
    expect(service.items('Rows')).toEqual([]);
  });
});

describe('a simulated DynamoDB names what it does not know:', () => {
  it.each<readonly [string, readonly [string, object]]>([
    ['IN', when('#n IN (:a)', { ':a': { S: 'a' } })],
    ['size', when('size(#n) > :a', { ':a': { N: '1' } })],
    ['"n" as the name', when('n = :a', { ':a': { S: 'a' } })],
    ['nested attributes', when('#n.#n = :a', { ':a': { S: 'a' } })],
    ['ADD', update('ADD #sk :one')],
    ['Values of type M', put({ Item: { ...key(), map: { M: {} } } })],
    ['KeyConditions', ['Query', { KeyConditions: {} }]],
    ['DescribeTable', ['DescribeTable', {}]],
  ])('%s', (what, [operation, input]) => {
    const fault = expect.objectContaining({
      name: 'NotSimulatedError',
      message: expect.stringContaining(what),
    });
    expect(() => started().send(operation, input)).toThrow(fault);
  });
});

describe('nobody but a write changes what is stored:', () => {
  const bytes = Uint8Array.of(1, 2);
  const item = () => ({ ...key(), n: { S: 'stored' }, bytes: { B: bytes.slice() } });
  const read = (send: ReturnType<typeof started>['send']) =>
    (send('GetItem', { Key: key(), ConsistentRead: true }) as { Item: ReturnType<typeof item> }).Item;

  it('not the caller of a put', () => {
    const { send } = started();
    const own = item();
    send('PutItem', { Item: own });
    own.n.S = 'changed';
    own.bytes.B[0] = 9;
    expect(read(send)).toEqual(item());
  });

  it('not a reader', () => {
    const { service, send } = started();
    service.put('Rows', item(), 0);
    expect(() => {
      read(send).n.S = 'changed';
    }).toThrow(TypeError);
    read(send).bytes.B[0] = 9;
    expect(read(send)).toEqual(item());
  });
});

describe('changes of a simulated DynamoDB', () => {
  it('are reported in order, and only if the item is another one', () => {
    const { service, send } = started();
    const changes: ItemChange[] = [];
    service.onChange = (change) => changes.push(change);
    const [one, two] = [
      { ...key(), n: { N: '1' } },
      { ...key(), n: { N: '2' } },
    ];
    send('PutItem', { Item: one }, 1);
    send('PutItem', { Item: one }, 2);
    send(
      'TransactWriteItems',
      transaction({ Put: { TableName: 'Rows', Item: two } }, { Put: { TableName: 'Rows', Item: key('b') } }),
      3,
    );
    send('DeleteItem', { Key: key() }, 4);
    send('DeleteItem', { Key: key() }, 5);
    const table = 'Rows';
    expect(changes).toEqual([
      { table, key: key(), after: one, nowMs: 1 },
      { table, key: key(), before: one, after: two, nowMs: 3 },
      { table, key: key('b'), after: key('b'), nowMs: 3 },
      { table, key: key(), before: two, nowMs: 4 },
    ]);
  });

  it('are all made or none, and a reason names what stands in the way', () => {
    const { service, send } = started();
    service.put('Rows', key('b'), 0);
    const isNew = {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
    };
    const write = (sk: string) => ({
      Put: { TableName: 'Rows', Item: key(sk), ...isNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    });
    const reasons = [
      { Code: 'None' },
      expect.objectContaining({ Code: 'ConditionalCheckFailed', Item: key('b') }),
    ];
    expect(() => send('TransactWriteItems', transaction(write('a'), write('b')))).toThrow(
      expect.objectContaining({ name: 'TransactionCanceledException', CancellationReasons: reasons }),
    );
    expect(service.items('Rows')).toEqual([key('b')]);
  });

  it('are made once for a token of a transaction, for 10 minutes', () => {
    const { send } = started();
    const isNew = {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
    };
    const write = {
      ...transaction({ Put: { TableName: 'Rows', Item: key(), ...isNew } }),
      ClientRequestToken: 't',
    };
    send('TransactWriteItems', write, 0);
    expect(send('TransactWriteItems', write, 599_999)).toEqual({});
    expect(() => send('TransactWriteItems', { ...write, TransactItems: [] }, 599_999)).toThrow(Error);
    const other = transaction({ Put: { TableName: 'Rows', Item: key('b') } });
    expect(() => send('TransactWriteItems', { ...other, ClientRequestToken: 't' }, 599_999)).toThrow(
      expect.objectContaining({ name: 'IdempotentParameterMismatchException' }),
    );
    expect(() => send('TransactWriteItems', write, 600_000)).toThrow(
      expect.objectContaining({ name: 'TransactionCanceledException' }),
    );
  });
});

function itemsOf(output: object): readonly Item[] {
  return (output as { Items: readonly Item[] }).Items;
}

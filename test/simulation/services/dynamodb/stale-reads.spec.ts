import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Item, TableDefinition } from './definitions.ts';
import { SimulatedDynamoDB } from './simulated-dynamodb.ts';
import { Table } from './table.ts';
import { storedItem } from './values.ts';

const table: TableDefinition = {
  name: 'Rows',
  partitionKey: 'pk',
  sortKey: { name: 'sk', type: 'S' },
  indexes: [{ name: 'list', partitionKey: 'shard', sortKey: 'place' }],
};
const staleMaxMs = 100;

/** A put, or without `place` a delete, some time after the one before. */
const change = fc.record({
  sk: fc.constantFrom('a', 'b', 'c'),
  place: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
  data: fc.nat({ max: 2 }),
  laterMs: fc.constantFrom(0, 1, 10, 60, 300),
});

const keyOf = (sk: string): Item => ({ pk: { S: 'p' }, sk: { S: sk } });

/** The items in the order of a text attribute, then of the sort key. */
const inOrder = (items: Iterable<Item>, name: string) =>
  [...items].sort((a, b) => {
    const [one, other] = [a, b].map((item) => `${item[name]?.S}${item['sk']?.S}`);
    return (one ?? '') < (other ?? '') ? -1 : 1;
  });

it('an eventually consistent read sees the table as it was', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), fc.nat({ max: staleMaxMs }), (changes, staleMs) => {
      const service = new SimulatedDynamoDB([table], { staleMaxMs });
      /** What is stored after each change, by a model that keeps everything. */
      const states = [{ fromMs: 0, items: new Map<string, Item>() }];
      let nowMs = 1_000;
      for (const { sk, place, data, laterMs } of changes) {
        nowMs += laterMs;
        const items = new Map(states.at(-1)?.items);
        const item = { ...keyOf(sk), shard: { S: 's' }, place: { S: place ?? '' }, data: { N: `${data}` } };
        if (place === undefined) {
          service.delete('Rows', keyOf(sk), nowMs);
          items.delete(sk);
        } else {
          service.put('Rows', item, nowMs);
          items.set(sk, item);
        }
        states.push({ fromMs: nowMs, items });
        const seen = states.findLast(({ fromMs }) => fromMs <= nowMs - staleMs)?.items.values() ?? [];
        expectSeen(service, { nowMs, staleMs: () => staleMs }, staleMs === 0 ? items.values() : seen);
        const current = inOrder(items.values(), 'sk');
        expect(pageOf(service, 'Scan', { ConsistentRead: true }, nowMs, staleMs)).toEqual(current);
        expect(service.items('Rows')).toEqual(current);
      }
    }),
    { numRuns: 300 },
  );
});

function pageOf(
  service: SimulatedDynamoDB,
  operation: string,
  input: object,
  nowMs: number,
  staleMs: number,
) {
  const call = { nowMs, staleMs: () => staleMs };
  return (service.execute(operation, { TableName: 'Rows', ...input }, call) as { Items: Item[] }).Items;
}

function expectSeen(
  service: SimulatedDynamoDB,
  { nowMs, staleMs }: { readonly nowMs: number; readonly staleMs: () => number },
  seen: Iterable<Item>,
): void {
  const items = [...seen];
  const within = (name: string, value: string) => ({
    KeyConditionExpression: '#name = :value',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':value': { S: value } },
  });
  const page = (operation: string, input: object) => pageOf(service, operation, input, nowMs, staleMs());
  const bySort = inOrder(items, 'sk');
  expect(page('Query', within('pk', 'p'))).toEqual(bySort);
  expect(page('Query', { ...within('pk', 'p'), ScanIndexForward: false })).toEqual(bySort.toReversed());
  expect(page('Scan', {})).toEqual(bySort);
  const listed = inOrder(items, 'place').map(({ data: _data, ...keys }) => keys);
  expect(page('Query', { ...within('shard', 's'), IndexName: 'list' })).toEqual(listed);
  const got = ['a', 'b', 'c'].flatMap((sk) => {
    const input = { TableName: 'Rows', Key: keyOf(sk) };
    const { Item } = service.execute('GetItem', input, { nowMs, staleMs }) as { Item?: Item };
    return Item ? [Item] : [];
  });
  expect(got).toEqual(bySort);
}

it('a read that is older than what is kept is a fault of the test', () => {
  const service = new SimulatedDynamoDB([table], { staleMaxMs });
  const read = (staleMs: number) =>
    service.execute(
      'GetItem',
      { TableName: 'Rows', Key: keyOf('a') },
      { nowMs: 1_000, staleMs: () => staleMs },
    );
  expect(() => read(staleMaxMs)).not.toThrow();
  expect(() => read(staleMaxMs + 1)).toThrow(expect.objectContaining({ name: 'NotSimulatedError' }));
});

it('what no read can see any more is forgotten', () => {
  const stored = new Table(table, { staleMaxMs, onChange: () => undefined });
  const item = (place: number) => storedItem({ ...keyOf('a'), shard: { S: 's' }, place: { S: `${place}` } });
  for (let nowMs = 0; nowMs < 1_000; nowMs += 10) {
    stored.change({ partition: 'p', sort: 'a' }, item(nowMs), nowMs);
    stored.change({ partition: 'q', sort: `${nowMs}` }, item(nowMs), nowMs);
    stored.change({ partition: 'q', sort: `${nowMs}` }, undefined, nowMs + 5);
  }
  expect(stored.indexes.get('list')?.postings('s').length).toBeLessThanOrEqual(22);
  expect(stored.partition('q')?.entries.length).toBeLessThanOrEqual(11);
  stored.change({ partition: 'r', sort: 'a' }, item(0), 2_000);
  expect(stored.partition('q')).toBeUndefined();
  expect(stored.scanned.map(({ key }) => key).sort()).toEqual(['p', 'r']);
});

import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { idOfStream } from '../commit.ts';
import { keysWithPrefix } from '../key-order.ts';
import { type Projection, versionKey } from '../projection.ts';
import type { KeyRange, LineRange, ListRange, ReadModel, RowChange } from '../read-model.ts';
import { type CounterEvent, counterEvents } from './counter.fixture.ts';

export interface Tally {
  readonly id: string;
  readonly total: number;
}

export interface Line {
  readonly amount: number;
}

/** A projection of counters: their total, and a line for each added amount. */
export const tallyProjection: Projection<CounterEvent, Tally, Line> = {
  name: 'tally',
  category: 'counter',
  events: counterEvents,
  project: (row, event) => {
    const before = row ?? { id: idOfStream(event.stream), total: 0 };
    if (event.type === 'Counter:Closed') return { row: before };
    const { amount } = event.data;
    if (typeof amount !== 'number') throw new Error('An amount is a number.');
    return {
      row: { ...before, total: before.total + amount },
      line: { key: versionKey(event.version), line: { amount } },
    };
  },
  // A list need not contain every row.
  listKeys: ({ id, total }) => ({ byId: total < 0 ? undefined : id, due: id }),
  sharedLists: ['due'],
  parts: { lists: ['byId'], partOf: ({ total }) => (total % 2 === 0 ? 'even' : 'odd') },
};

/** The contract of every read model. Each generation begins empty. */
export function describeReadModelContract(
  name: string,
  makeReadModel: (generation: string) => Promise<ReadModel<Tally, Line>>,
): void {
  describe(`read model contract: ${name}`, () => {
    let readModel: ReadModel<Tally, Line>;
    let other: ReadModel<Tally, Line>;
    let id: string;
    beforeAll(async () => {
      readModel = await makeReadModel(`g${randomUUID()}`);
      other = await makeReadModel(`g${randomUUID()}`);
    });
    beforeEach(() => {
      id = randomUUID();
    });

    const change = (
      expectedVersion: number,
      version: number,
      more: Partial<RowChange<Tally, Line>> = {},
    ) => ({
      id,
      expectedVersion,
      version,
      row: { id, total: version * 10 },
      lines: Array.from({ length: version - expectedVersion }, (_, index) => ({
        key: versionKey(expectedVersion + index + 1),
        version: expectedVersion + index + 1,
        line: { amount: expectedVersion + index + 1 },
      })),
      ...more,
    });

    it('loads and finds what was saved', async () => {
      expect(await readModel.save(change(0, 2))).toBe('saved');
      const expected = { version: 2, row: { id, total: 20 } };
      expect((await readModel.load([id, randomUUID()])).get(id)).toEqual(expected);
      expect(await readModel.find(id)).toEqual(expected);
    });

    it('returns no rows for unknown ids', async () => {
      expect((await readModel.load([id])).size).toBe(0);
      expect((await readModel.load([])).size).toBe(0);
      expect(await readModel.find(id)).toBeUndefined();
      expect(await readModel.lines(id, { order: 'ascending', limit: 10 })).toEqual({
        lines: [],
        hasMore: false,
      });
    });

    it('saves a change only if the row has the expected version', async () => {
      await readModel.save(change(0, 1));
      expect(await readModel.save(change(0, 1))).toBe('stale');
      expect(await readModel.save(change(2, 3))).toBe('stale');
      expect(await readModel.save(change(1, 4))).toBe('saved');
      expect(await readModel.save(change(1, 2))).toBe('stale');
      expect((await readModel.load([id])).get(id)).toEqual({ version: 4, row: { id, total: 40 } });
    });

    it('creates a row once', async () => {
      const results = await Promise.all(Array.from({ length: 4 }, () => readModel.save(change(0, 1))));
      expect(results.filter((result) => result === 'saved')).toHaveLength(1);
    });

    it('pages through lines in both orders, within bounds', async () => {
      await readModel.save(change(0, 60));
      const amounts = async (
        range: Omit<LineRange, 'from' | 'to' | 'after'>,
        bounds: readonly (number | undefined)[],
      ) => {
        const [from, to, after] = bounds.map((version) =>
          version === undefined ? undefined : versionKey(version),
        );
        const { lines, hasMore } = await readModel.lines(id, { ...range, from, to, after });
        return [...lines.map(({ line }) => line.amount), ...(hasMore ? ['more'] : [])];
      };
      const down = { order: 'descending', limit: 3 } as const;
      const up = { order: 'ascending', limit: 3 } as const;
      expect(await amounts(down, [])).toEqual([60, 59, 58, 'more']);
      expect(await amounts(down, [undefined, undefined, 58])).toEqual([57, 56, 55, 'more']);
      expect(await amounts(down, [undefined, undefined, 4])).toEqual([3, 2, 1]);
      expect(await amounts(down, [undefined, undefined, 1])).toEqual([]);
      expect(await amounts(up, [])).toEqual([1, 2, 3, 'more']);
      expect(await amounts(up, [10, 11])).toEqual([10, 11]);
      expect(await amounts(up, [10, 14, 12])).toEqual([13, 14]);
      expect(await amounts({ ...up, limit: 100 }, [])).toHaveLength(60);
    });

    it('loads more rows than one call accepts', async () => {
      const ids = Array.from({ length: 130 }, () => randomUUID());
      await Promise.all(
        ids.map((one) => readModel.save({ ...change(0, 1), id: one, row: { id: one, total: 1 } })),
      );
      expect((await readModel.load(ids)).size).toBe(130);
    });

    it('lists the rows of its generation, each once, in the order of their list keys', async () => {
      const ids = Array.from({ length: 23 }, () => randomUUID()).sort();
      await Promise.all(
        ids.map((one) => other.save({ ...change(0, 1), id: one, row: { id: one, total: 1 } })),
      );
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 10; page += 1) {
        const { rows, next } = await other.list('byId', { after, limit: 5 });
        seen.push(...rows.map(({ row }) => row.id));
        if (next === undefined) break;
        after = next;
      }
      expect(seen).toEqual(ids);
    });

    it('lists only the rows that are in the list, within bounds of keys', async () => {
      const prefixed = await makeReadModel(`g${randomUUID()}`);
      const put = (key: string, total: number) =>
        prefixed.save({ id: key, expectedVersion: 0, version: 1, row: { id: key, total }, lines: [] });
      await Promise.all([
        put('aa', 1),
        put('ab', 1),
        put('ac', -1),
        put('b', 1),
        put('aé', 1),
        put('a🐟', 1),
        put('a｡', 1),
      ]);
      const ids = async (range: Omit<KeyRange, 'limit'>) =>
        (await prefixed.list('byId', { ...range, limit: 10 })).rows.map(({ row }) => row.id);
      expect(await ids({})).toEqual(['aa', 'ab', 'aé', 'a｡', 'a🐟', 'b']);
      expect(await ids(keysWithPrefix('a'))).toEqual(['aa', 'ab', 'aé', 'a｡', 'a🐟']);
      expect(await ids({ ...keysWithPrefix('a'), after: 'ab' })).toEqual(['aé', 'a｡', 'a🐟']);
      expect(await ids({ from: 'ab', to: 'aé' })).toEqual(['ab', 'aé']);
      expect(await ids({ to: 'b', after: 'b' })).toEqual([]);
      expect(await ids({ from: 'b', to: 'a' })).toEqual([]);
      expect(await prefixed.count('byId', { from: 'b', to: 'a' }, 10)).toBe(0);
    });

    it('lists the rows in a part of a list, as they are now', async () => {
      const divided = await makeReadModel(`g${randomUUID()}`);
      const put = (one: string, version: number, total: number) =>
        divided.save({ id: one, expectedVersion: version - 1, version, row: { id: one, total }, lines: [] });
      for (const [index, one] of ['a', 'b', 'c', 'd', 'e'].entries()) await put(one, 1, index);
      await put('b', 2, 10);
      await put('c', 2, 11);
      await put('e', 2, -4);
      const ids = async (part: string, range: Partial<KeyRange> = {}) => {
        const { rows, next } = await divided.list('byId', { part, limit: 10, ...range });
        return [...rows.map(({ row, version }) => `${row.id}${version}`), ...(next ? ['more'] : [])];
      };
      expect(await ids('even')).toEqual(['a1', 'b2']);
      expect(await ids('odd')).toEqual(['c2', 'd1']);
      expect(await ids('odd', { limit: 1 })).toEqual(['c2', 'more']);
      expect(await ids('odd', { after: 'c' })).toEqual(['d1']);
      expect(await ids('even', { from: 'b', to: 'c' })).toEqual(['b2']);
      expect(await ids('other')).toEqual([]);
      expect(await divided.count('byId', { part: 'even' }, 10)).toBe(2);
      expect(await divided.count('byId', { part: 'odd', to: 'c' }, 10)).toBe(1);
      expect((await divided.list('byId', { limit: 10 })).rows).toHaveLength(4);
      expect(await divided.lines('a', { order: 'ascending', limit: 10 })).toEqual({
        lines: [],
        hasMore: false,
      });
    });

    it('keeps a row in its part although an older change comes later', async () => {
      const divided = await makeReadModel(`g${randomUUID()}`);
      const put = (expectedVersion: number, version: number, total: number) =>
        divided.save({ id, expectedVersion, version, row: { id, total }, lines: [] });
      await put(0, 1, 0);
      await put(1, 3, 1);
      expect(await put(1, 2, 2)).toBe('stale');
      const inPart = async (part: string) => (await divided.list('byId', { part, limit: 10 })).rows.length;
      expect([await inPart('even'), await inPart('odd')]).toEqual([0, 1]);
      // A row that is saved again as it is stays where it is.
      expect(await put(3, 3, 1)).toBe('saved');
      expect([await inPart('even'), await inPart('odd')]).toEqual([0, 1]);
    });

    it('divides rows, lines and lists by tenants, also for equal ids', async () => {
      const divided = await makeReadModel(`g${randomUUID()}`);
      const put = (key: string, total: number) =>
        divided.save({ ...change(0, 1), id: key, row: { id: idOfStream(key), total } });
      // An id that is the name of a tenant, and a tenant that is named like a generation or a shard.
      const keys = ['a', 'acme', 'acme/a', 'acme/acme', 'other/a', '0/a', 'g1/b', 'even/a'];
      for (const [index, key] of keys.entries()) await put(key, index);
      const rows = await divided.load(keys);
      expect(keys.map((key) => rows.get(key)?.row.total)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect((await divided.find('acme/a'))?.row.total).toBe(2);
      expect((await divided.lines('acme/a', { order: 'ascending', limit: 9 })).lines).toHaveLength(1);
      expect((await divided.lines('acme/b', { order: 'ascending', limit: 9 })).lines).toHaveLength(0);
      const listed = async (list: string, range: Partial<ListRange> = {}) =>
        (await divided.list(list, { limit: 9, ...range })).rows.map(({ rowId }) => rowId);
      expect(await listed('byId')).toEqual(['a', 'acme']);
      expect(await listed('byId', { tenant: 'default' })).toEqual(['a', 'acme']);
      expect(await listed('byId', { tenant: 'acme' })).toEqual(['acme/a', 'acme/acme']);
      expect(await listed('byId', { tenant: 'acme', after: 'a' })).toEqual(['acme/acme']);
      expect(await listed('byId', { tenant: 'g1' })).toEqual(['g1/b']);
      expect(await listed('byId', { part: 'even' })).toEqual(['a']);
      expect(await listed('byId', { tenant: 'acme', part: 'even' })).toEqual(['acme/a']);
      expect(await divided.count('byId', { tenant: 'acme', part: 'odd' }, 9)).toBe(1);
      expect(await listed('byId', { tenant: 'nobody' })).toEqual([]);
      expect(await divided.count('byId', { tenant: 'acme' }, 9)).toBe(2);
      expect(await divided.count('byId', {}, 9)).toBe(2);
    });

    it('lists the rows of all tenants in a shared list, each once', async () => {
      const divided = await makeReadModel(`g${randomUUID()}`);
      const keys = ['a', ...Array.from({ length: 7 }, (_, index) => `tenant${index}/a`), 'acme/b'];
      for (const key of keys)
        await divided.save({ ...change(0, 1), id: key, row: { id: key.at(-1) ?? '', total: 1 } });
      const seen: string[] = [];
      for (let after: string | undefined, page = 0; page < 9; page += 1) {
        const { rows, next } = await divided.list('due', { after, limit: 2 });
        seen.push(...rows.map(({ rowId }) => rowId));
        if (next === undefined) break;
        after = next;
      }
      expect(seen).toEqual(keys);
      expect((await divided.list('due', { tenant: 'acme', limit: 9 })).rows).toEqual([]);
    });

    it('lists keys with the last character of Unicode', async () => {
      const extreme = await makeReadModel(`g${randomUUID()}`);
      const last = '\u{10ffff}';
      const keys = ['a', `a${last}`, `a${last}${last}${last}#1`, 'b', last, `${last}odd`, `${last}${last}#1`];
      for (const id of keys) {
        await extreme.save({ id, expectedVersion: 0, version: 1, row: { id, total: 1 }, lines: [] });
      }
      const ids = async (range: Omit<KeyRange, 'limit'>) =>
        (await extreme.list('byId', { ...range, limit: 10 })).rows.map(({ row }) => row.id);
      expect(await ids({})).toEqual(keys);
      expect(await ids({ after: 'b' })).toEqual(keys.slice(4));
      expect(await ids(keysWithPrefix('a'))).toEqual(keys.slice(0, 3));
      expect(await ids({ ...keysWithPrefix(last), after: last })).toEqual(keys.slice(5));
      expect(await extreme.count('byId', {}, 100)).toBe(keys.length);
    });
  });
}

import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CounterEvent, counterSchemas } from '../counter.fixture.ts';
import type { Projection } from './projection.ts';
import type { ReadModel, RowChange } from './read-model.ts';

export interface Tally {
  readonly id: string;
  readonly total: number;
}

export interface Line {
  readonly amount: number;
}

/** A read model of counters: their total, and a line for every event that added. */
export const tallyProjection: Projection<Tally, Line> = {
  name: 'tally',
  category: 'counter',
  schemas: counterSchemas,
  project: (row, event) => {
    const before = row ?? { id: event.stream.slice('counter/'.length), total: 0 };
    const counterEvent = event as typeof event & CounterEvent;
    if (counterEvent.type === 'Counter:Closed') return { row: before };
    const { amount } = counterEvent.data;
    if (typeof amount !== 'number') throw new Error('An amount is a number.');
    return { row: { ...before, total: before.total + amount }, detail: { amount } };
  },
  listKey: ({ id }) => `key ${id}`,
};

/** What every read model promises. Each generation begins empty. */
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
      details: Array.from({ length: version - expectedVersion }, (_, index) => ({
        version: expectedVersion + index + 1,
        detail: { amount: expectedVersion + index + 1 },
      })),
      ...more,
    });

    it('gives back what was saved, loaded or found', async () => {
      expect(await readModel.save(change(0, 2))).toBe('saved');
      const expected = { version: 2, row: { id, total: 20 } };
      expect((await readModel.load([id, randomUUID()])).get(id)).toEqual(expected);
      expect(await readModel.find(id)).toEqual(expected);
    });

    it('has no rows for ids that it does not know', async () => {
      expect((await readModel.load([id])).size).toBe(0);
      expect((await readModel.load([])).size).toBe(0);
      expect(await readModel.find(id)).toBeUndefined();
      expect(await readModel.details(id, { limit: 10 })).toEqual([]);
    });

    it('takes a change only from the version that the row has', async () => {
      await readModel.save(change(0, 1));
      expect(await readModel.save(change(0, 1))).toBe('stale');
      expect(await readModel.save(change(2, 3))).toBe('stale');
      expect(await readModel.save(change(1, 4))).toBe('saved');
      expect(await readModel.save(change(1, 2))).toBe('stale');
      expect((await readModel.load([id])).get(id)).toEqual({ version: 4, row: { id, total: 40 } });
    });

    it('creates a row once, whoever comes first', async () => {
      const results = await Promise.all(Array.from({ length: 4 }, () => readModel.save(change(0, 1))));
      expect(results.filter((result) => result === 'saved')).toHaveLength(1);
    });

    it('lists details newest first, in pages', async () => {
      await readModel.save(change(0, 60));
      const versions = async (beforeVersion: number | undefined, limit: number) =>
        (await readModel.details(id, { beforeVersion, limit })).map(({ version }) => version);
      expect(await versions(undefined, 3)).toEqual([60, 59, 58]);
      expect(await versions(58, 2)).toEqual([57, 56]);
      expect(await versions(2, 5)).toEqual([1]);
      expect(await versions(1, 5)).toEqual([]);
      expect(await versions(undefined, 100)).toHaveLength(60);
    });

    it('loads more rows than one call takes', async () => {
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
        const rows = await other.list({ after, limit: 5 });
        seen.push(...rows.map(({ row }) => row.id));
        after = rows.at(-1)?.listKey;
        if (rows.length < 5) break;
      }
      expect(seen).toEqual(ids);
    });
  });
}

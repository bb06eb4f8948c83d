import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { keysWithPrefix } from '../key-order.ts';
import type { Listing } from '../projection.ts';
import type { KeyRange, ReadModel } from '../read-model.ts';

export interface Task {
  readonly name: string;
  readonly done: boolean;
}

/** Lines change: each is in the list `byId`, and in `byLine` until it is done. Rows are in no list. */
export const taskProjection: Listing<null, Task> = {
  rowIds: 'streams',
  changingLines: { listKeys: ({ name, done }) => ({ byId: name, byLine: done ? undefined : name }) },
};

/** The contract of every read model for lines that change. Each generation begins empty. */
export function describeChangingLinesContract(
  name: string,
  makeReadModel: (generation: string) => Promise<ReadModel<null, Task>>,
): void {
  describe(`contract of changing lines: ${name}`, () => {
    let readModel: ReadModel<null, Task>;
    beforeEach(async () => {
      readModel = await makeReadModel(`g${randomUUID()}`);
    });

    const put = (id: string, [expectedVersion, version]: readonly [number, number], ...tasks: Task[]) =>
      readModel.save({
        id,
        expectedVersion,
        version,
        row: null,
        lines: tasks.map((line) => ({ key: line.name, version, line })),
      });
    const task = (taskName: string, done = false): Task => ({ name: taskName, done });
    const namesIn = async (list: string, range: Partial<KeyRange> = {}) =>
      (await readModel.listLines(list, { limit: 100, ...range })).lines.map(({ line }) => line.name);
    const linesOf = async (id: string) =>
      (await readModel.lines(id, { order: 'ascending', limit: 100 })).lines;

    it('divides lists by the tenants in the names of streams', async () => {
      const streams = ['dispense/a', 'dispense/acme/a', 'acme/a', 'acme/dispense/a'];
      for (const stream of streams) await put(stream, [0, 1], task(stream));
      const inList = async (tenant?: string) =>
        (await readModel.listLines('byId', { limit: 9, tenant })).lines.map(({ rowId }) => rowId);
      expect(await inList()).toEqual(['acme/a', 'dispense/a']);
      expect(await inList('acme')).toEqual(['dispense/acme/a']);
      expect(await inList('dispense')).toEqual(['acme/dispense/a']);
    });

    it('replaces a line, in its row and in its lists', async () => {
      await put('a', [0, 1], task('one'), task('two'));
      expect(await put('a', [1, 2], task('one', true))).toBe('saved');
      expect(await linesOf('a')).toEqual([
        { key: 'one', line: task('one', true) },
        { key: 'two', line: task('two') },
      ]);
      expect(await namesIn('byLine')).toEqual(['two']);
      expect(await namesIn('byId')).toEqual(['one', 'two']);
    });

    it('never replaces a line by an older one, and checks the version of the row separately', async () => {
      await put('a', [0, 1], task('one'));
      await put('a', [1, 3], task('one', true));
      expect(await put('a', [1, 2], task('one'))).toBe('stale');
      expect(await linesOf('a')).toEqual([{ key: 'one', line: task('one', true) }]);
      expect(await namesIn('byLine')).toEqual([]);
    });

    it('distinguishes lines of different rows with the same key', async () => {
      await put('a', [0, 1], task('same'));
      await put('b', [0, 1], task('same', true));
      const { lines } = await readModel.listLines('byId', { limit: 10 });
      expect(lines.map(({ rowId, key, line }) => [rowId, key, line.done]).sort()).toEqual([
        ['a', 'same', false],
        ['b', 'same', true],
      ]);
    });

    it('pages through a list over many rows and lines, within bounds', async () => {
      const names = Array.from({ length: 40 }, (_, index) => `${index < 30 ? 'x' : 'y'}${100 + index}`);
      for (let row = 0; row < 4; row += 1) {
        const own = names.filter((_, index) => index % 4 === row);
        await put(`row${row}`, [0, 1], ...own.map((one) => task(one)));
      }
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 10; page += 1) {
        const { lines, next } = await readModel.listLines('byLine', { after, limit: 7 });
        seen.push(...lines.map(({ line }) => line.name));
        if (next === undefined) break;
        after = next;
      }
      expect(seen).toEqual(names);
      expect(await namesIn('byLine', keysWithPrefix('y'))).toEqual(names.slice(30));
    });

    it('accepts more lines at once than a transaction does', async () => {
      await put('a', [0, 1], ...Array.from({ length: 130 }, (_, index) => task(`t${1_000 + index}`)));
      expect(await readModel.count('byLine', {}, 1_000)).toBe(130);
    });

    it('counts the entries of a list within bounds, up to a limit', async () => {
      await put('a', [0, 1], task('x1'), task('x2'), task('y1'), task('y2', true));
      await put('b', [0, 1], task('x3'));
      expect(await readModel.count('byLine', {}, 100)).toBe(4);
      expect(await readModel.count('byLine', keysWithPrefix('x'), 100)).toBe(3);
      expect(await readModel.count('byLine', keysWithPrefix('x'), 2)).toBe(2);
      expect(await readModel.count('byLine', keysWithPrefix('z'), 2)).toBe(0);
    });
  });
}

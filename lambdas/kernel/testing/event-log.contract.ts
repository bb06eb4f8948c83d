import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Commit, StreamName } from '../commit.ts';
import { sealed } from '../commit-hash.ts';
import { isEventSourcingError } from '../errors.ts';
import type { EventLog, ReadRange } from '../event-log.ts';
import { findForgotten } from '../find-forgotten.ts';
import { commitAt, newStream } from './commits.fixture.ts';

/** The contract of every event log. `makeLog` is called once, before the first test. */
export function describeEventLogContract(name: string, makeLog: () => Promise<EventLog>): void {
  describe(`event log contract: ${name}`, () => {
    let log: EventLog;
    beforeAll(async () => {
      log = await makeLog();
    });

    const readAll = async (stream: StreamName, range?: ReadRange): Promise<Commit[]> =>
      (await Array.fromAsync(log.read(stream, range))).flat();

    it('returns a commit exactly as it was appended', async () => {
      const stream = newStream();
      const commit = commitAt(stream, 1, 3, {
        causationId: 'cause',
        actor: 'tester',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        answer: '{"balance":1550}',
      });
      expect(await log.append([commit])).toBe('appended');
      expect(await readAll(stream)).toStrictEqual([commit]);
      expect(await log.readCommit(stream, 1)).toStrictEqual(commit);
    });

    it('keeps the hashes of a chain, and reads beside it what an earlier release wrote', async () => {
      const stream = newStream();
      const first = commitAt(stream, 1, 2);
      const second = sealed(commitAt(stream, 3), undefined);
      const third = sealed(commitAt(stream, 4, 3, { actor: 'tester' }), second.hash);
      for (const commit of [first, second, third]) expect(await log.append([commit])).toBe('appended');
      expect(await readAll(stream, { pageSize: 1 })).toStrictEqual([first, second, third]);
      expect(await readAll(stream, { fromVersion: 4 })).toStrictEqual([third]);
    });

    it.each([
      ['is missing', (stream: StreamName) => [commitAt(stream, 1), commitAt(stream, 3)]],
      ['is missing at the start', (stream: StreamName) => [commitAt(stream, 2)]],
      [
        'continues another one',
        (stream: StreamName) => [
          sealed(commitAt(stream, 1), undefined),
          sealed(commitAt(stream, 2), undefined),
        ],
      ],
    ])('refuses to read a stream in which a commit %s', async (_name, commitsOf) => {
      const stream = newStream();
      for (const commit of commitsOf(stream)) await log.append([commit]);
      const error = await readAll(stream, { pageSize: 1 }).catch((thrown: unknown) => thrown);
      expect(isEventSourcingError(error, 'log-changed')).toBe(true);
    });

    it('omits unknown context', async () => {
      const stream = newStream();
      await log.append([commitAt(stream, 1)]);
      const [commit] = await readAll(stream);
      expect(Object.keys(commit ?? {})).not.toEqual(expect.arrayContaining(['actor']));
    });

    it('returns nothing for a stream or a version that does not exist', async () => {
      const stream = newStream();
      expect(await readAll(stream)).toEqual([]);
      expect(await log.readCommit(stream, 1)).toBeUndefined();
    });

    it('refuses to create a stream twice', async () => {
      const stream = newStream();
      const first = commitAt(stream, 1);
      await log.append([first]);
      expect(await log.append([commitAt(stream, 1)])).toBe('conflict');
      expect(await readAll(stream)).toStrictEqual([first]);
    });

    it('accepts one of several commits at the same version', async () => {
      const stream = newStream();
      await log.append([commitAt(stream, 1)]);
      const results = await Promise.all(Array.from({ length: 8 }, () => log.append([commitAt(stream, 2)])));
      expect(results.filter((result) => result === 'appended')).toHaveLength(1);
      expect(await readAll(stream)).toHaveLength(2);
    });

    it('recognises an append that had already succeeded', async () => {
      const [stream, other] = [newStream(), newStream()];
      const commit = commitAt(stream, 1, 2);
      await log.append([commit]);
      expect(await log.append([commit])).toBe('appended');
      const both = [commitAt(stream, 3), commitAt(other, 1)];
      await log.append(both);
      expect(await log.append(both)).toBe('appended');
      expect(await readAll(stream)).toHaveLength(2);
    });

    it('does not confuse two attempts of the same command', async () => {
      const stream = newStream();
      const commit = commitAt(stream, 1);
      await log.append([commit]);
      const again = commitAt(stream, 1, 1, { commandId: commit.commandId });
      expect(await log.append([again])).toBe('conflict');
    });

    it('appends to all of several streams or to none', async () => {
      const [one, two] = [newStream(), newStream()];
      expect(await log.append([commitAt(one, 1), commitAt(two, 1)])).toBe('appended');
      await log.append([commitAt(two, 2)]);
      expect(await log.append([commitAt(one, 2), commitAt(two, 2)])).toBe('conflict');
      expect(await readAll(one)).toHaveLength(1);
      expect(await log.append([commitAt(one, 2), commitAt(two, 3)])).toBe('appended');
    });

    it('refuses an append to two streams if only one of its commits exists', async () => {
      const [one, two] = [newStream(), newStream()];
      const mine = commitAt(one, 1);
      await log.append([mine]);
      expect(await log.append([mine, commitAt(two, 1)])).toBe('conflict');
      expect(await readAll(two)).toEqual([]);
    });

    it('reads several pages to the end, in order, from a given version', async () => {
      const stream = newStream();
      for (let version = 1; version <= 25; version += 1) await log.append([commitAt(stream, version)]);
      const versions = (await readAll(stream, { pageSize: 4 })).map((commit) => commit.version);
      expect(versions).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
      expect((await readAll(stream, { fromVersion: 23, pageSize: 2 })).map(({ version }) => version)).toEqual(
        [23, 24, 25],
      );
      expect(await readAll(stream, { fromVersion: 26 })).toEqual([]);
    });

    it('reads the commits that begin at a given version or before', async () => {
      const stream = newStream();
      for (let version = 1; version <= 25; version += 3) await log.append([commitAt(stream, version, 3)]);
      const versionsTo = async (toVersion: number, more: ReadRange = {}) =>
        (await readAll(stream, { ...more, toVersion })).map(({ version }) => version);
      for (const more of [{}, { pageSize: 2 }]) {
        expect(await versionsTo(10, more)).toEqual([1, 4, 7, 10]);
        expect(await versionsTo(12, more)).toEqual([1, 4, 7, 10]);
        expect(await versionsTo(99, { ...more, fromVersion: 22 })).toEqual([22, 25]);
        expect(await versionsTo(7, { ...more, fromVersion: 7 })).toEqual([7]);
        // The range is empty.
        expect(await versionsTo(6, { ...more, fromVersion: 7 })).toEqual([]);
        expect(await versionsTo(0, more)).toEqual([]);
      }
    });

    it('can stop after the first page, if it is not all', async () => {
      const stream = newStream();
      const count = 130;
      for (let version = 1; version <= count; version += 1) await log.append([commitAt(stream, version)]);
      const asked: number[] = [];
      const lengthIf = async (answer: boolean, range: ReadRange = {}) => {
        const readsOn = async (version: number) => {
          asked.push(version);
          return answer;
        };
        return (await readAll(stream, { ...range, readsOn })).length;
      };
      expect(await lengthIf(true)).toBe(count);
      expect(await lengthIf(false)).toBe(100);
      expect(asked).toEqual([100, 100]);
      expect(await lengthIf(false, { fromVersion: 40 })).toBe(91);
      expect(await lengthIf(false, { toVersion: 100 })).toBe(100);
      expect(asked).toHaveLength(2);
    });

    it('reads a stream of more than a megabyte to the end', async () => {
      const stream = newStream();
      const text = 'x'.repeat(300_000);
      const big = (version: number) =>
        commitAt(stream, version, 1, {
          events: [{ id: `${version}`, type: 'Test:Big', schemaVersion: 1, data: { text } }],
        });
      for (let version = 1; version <= 5; version += 1) await log.append([big(version)]);
      expect(await readAll(stream)).toHaveLength(5);
    });

    it('refuses a commit that is too large before it writes anything', async () => {
      const [stream, small] = [newStream(), newStream()];
      const data = { text: 'ü'.repeat(210_000) };
      const large = commitAt(stream, 1, 1, {
        events: [{ id: '1', type: 'Test:Big', schemaVersion: 1, data }],
      });
      const error = await log.append([commitAt(small, 1), large]).catch((thrown: unknown) => thrown);
      expect(isEventSourcingError(error, 'commit-too-large')).toBe(true);
      expect(await readAll(small)).toEqual([]);
    });

    it('refuses an append to too many streams', async () => {
      const commits = Array.from({ length: 101 }, () => commitAt(newStream(), 1));
      await expect(log.append(commits)).rejects.toThrow(RangeError);
    });

    it('accepts an empty append', async () => {
      expect(await log.append([])).toBe('appended');
    });

    it('finds a commit by its time, although its key is not remembered', async () => {
      const stream = newStream();
      const second = (index: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
      for (let index = 0; index < 12; index += 1) {
        const more = { commandId: `c${index}`, committedAt: second(index * 100) };
        await log.append([commitAt(stream, 3 * index + 1, 3, more)]);
      }
      const find = (commandId: string, committedAt: string) =>
        findForgotten(log, { stream, version: 36, committedAt }, (commit) => commit.commandId === commandId);
      for (const index of [0, 5, 11]) {
        for (const apart of [-50, 0, 50]) {
          const found = await find(`c${index}`, second(index * 100 + apart));
          expect(found?.version).toBe(3 * index + 1);
        }
      }
      expect(await find('c5', second(700))).toBeUndefined();
      expect(await find('other', second(500))).toBeUndefined();
    });
  });
}

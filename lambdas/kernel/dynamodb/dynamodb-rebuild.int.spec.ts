import { randomUUID } from 'node:crypto';
import { PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../test/support/test-dynamodb.ts';
import type { FoldableCommit } from '../fold.ts';
import type { LogPlace, LogScan, TablePart } from '../rebuild/log-scan.ts';
import { noCounts, type PartProgress } from '../rebuild/part-progress.ts';
import { removePart } from '../rebuild/remove-part.ts';
import { SealedLogScan } from '../rebuild/sealed-log-scan.ts';
import { commitAt, simulatedEffects } from '../testing/index.ts';
import { appendCounts, sealedCounters } from '../testing/sealed-counter.fixture.ts';
import { DynamoDBBuildProgress } from './dynamodb-build-progress.ts';
import { DynamoDBEventLog } from './dynamodb-event-log.ts';
import { DynamoDBLogScan } from './dynamodb-log-scan.ts';
import { DynamoDBReadModel } from './dynamodb-read-model.ts';
import { DynamoDBRowScan } from './dynamodb-row-scan.ts';
import { DynamoDBSegmentStore } from './dynamodb-segment-store.ts';

const segments = 3;
const part = (segment: number) => ({ segment, segments });
const parts = [0, 1, 2].map(part);

/** The commits of a category that a scan meets in a part, without their hashes. */
async function commitsIn(scan: LogScan, own: TablePart, category: string, after?: LogPlace) {
  const commits: FoldableCommit[] = [];
  for await (const page of scan.pages(own, { categories: [category], after })) {
    for (const commit of page.commits) {
      const { stream, version, events, committedAt } = commit.read();
      commits.push({ stream, version, events, committedAt });
    }
  }
  return commits;
}

describe('a rebuild on DynamoDB', () => {
  let dynamodb: TestDynamoDB;
  beforeAll(async () => {
    dynamodb = await startTestDynamoDB();
  });
  afterAll(() => dynamodb.stop());

  const effects = simulatedEffects();
  const rowsOf = (generation: string) =>
    new DynamoDBReadModel<{ name: string }, string>(dynamodb.client, {
      ...{ table: tables.readModel, generation, effects },
      projection: { listKeys: ({ name }) => ({ byId: name }) },
    });

  it('meets each commit of its categories once, also when it continues after any of them', async () => {
    const log = new DynamoDBEventLog(dynamodb.client, tables.eventLog, effects);
    const scan = new DynamoDBLogScan(dynamodb.client, tables.eventLog, effects);
    const places: string[] = [];
    for (const category of ['one', 'two', 'other']) {
      for (let id = 0; id < 5; id += 1) {
        const stream = `${category}/${randomUUID()}` as const;
        for (const version of [1, 3, 5]) {
          await log.append([commitAt(stream, version, 2)]);
          if (category !== 'other') places.push(`${stream}@${version}`);
        }
      }
    }
    const met = async (segment: number, after?: { stream: string; version: number }) => {
      const found: { stream: string; version: number }[] = [];
      for await (const page of scan.pages(part(segment), { categories: ['one', 'two'], after })) {
        for (const commit of page.commits) {
          expect(commit.read().events).toHaveLength(2);
          found.push({ stream: commit.stream, version: commit.version });
        }
      }
      return found;
    };
    const whole = await Promise.all([0, 1, 2].map((segment) => met(segment)));
    expect(
      whole
        .flat()
        .map(({ stream, version }) => `${stream}@${version}`)
        .sort(),
    ).toEqual(places.sort());
    for (const [segment, own] of whole.entries()) {
      for (const [index, place] of own.entries()) {
        expect(await met(segment, place)).toEqual(own.slice(index + 1));
      }
    }
  });

  it('meets the same commits in a log with sealed streams, and reads few of them from the log', async () => {
    const log = new DynamoDBEventLog(dynamodb.client, tables.eventLog, effects);
    const counters = sealedCounters(log, new DynamoDBSegmentStore(dynamodb.client, tables.segments));
    for (const [id, commits] of [
      ['one', 640],
      ['short', 3],
      ['two', 640],
      ['other', 2],
    ] as const) {
      await appendCounts(
        log,
        `counter/${id}`,
        Array.from({ length: commits }, () => 25),
      );
      await counters.seal(`counter/${id}`);
    }
    const bare = new DynamoDBLogScan(dynamodb.client, tables.eventLog, effects);
    let read = 0;
    const counting: LogScan = {
      async *pages(...args) {
        for await (const page of bare.pages(...args)) {
          read += page.commits.length;
          yield page;
        }
      },
    };
    const scan = new SealedLogScan(counting, counters.sealed);
    for (const each of parts) {
      const all = await commitsIn(bare, each, 'counter');
      expect(await commitsIn(scan, each, 'counter')).toEqual(all);
      for (const after of all.filter((_, index) => index % 200 === 150)) {
        const rest = all.slice(all.indexOf(after) + 1);
        expect(await commitsIn(scan, each, 'counter', after)).toEqual(rest);
      }
    }
    read = 0;
    for (const each of parts) await commitsIn(scan, each, 'counter');
    expect(read).toBeLessThan(0.8 * 1_285);
    expect(counters.warnings).toEqual([]);
  }, 60_000);

  it('writes a row after its lines, and only over an older one', async () => {
    const rows = rowsOf('g2');
    const writer = rows.bulkWriter();
    for (let id = 0; id < 40; id += 1) {
      await writer.lines(`r${id}`, [{ key: 'a', line: 'line', version: 1 }]);
      await writer.row(`r${id}`, { version: 1, row: { name: `name ${id}` } });
    }
    expect(await writer.drain()).toEqual(new Map());
    expect((await rows.load(['r0', 'r39'])).get('r39')).toEqual({ version: 1, row: { name: 'name 39' } });
    expect((await rows.lines('r7', { order: 'ascending', limit: 5 })).lines).toEqual([
      { key: 'a', line: 'line' },
    ]);
    await rows.save({ id: 'r0', expectedVersion: 1, version: 5, row: { name: 'newer' }, lines: [] });
    await writer.row('r0', { version: 4, row: { name: 'late' } });
    await writer.drain();
    expect(await rows.find('r0')).toEqual({ version: 5, row: { name: 'newer' } });
  });

  it('names a row that cannot be stored, and stores the others', async () => {
    const rows = rowsOf('g3');
    const writer = rows.bulkWriter();
    await writer.lines('small', [{ key: 'a', line: 'line', version: 1 }]);
    await writer.lines('large', [{ key: 'a', line: 'x'.repeat(500_000), version: 3 }]);
    await writer.row('large', { version: 3, row: { name: 'large' } });
    await writer.row('small', { version: 1, row: { name: 'small' } });
    const refused = await writer.drain();
    expect([...refused].map(([id, { version }]) => [id, version])).toEqual([['large', 3]]);
    expect([...(await rows.load(['large', 'small'])).keys()]).toEqual(['small']);
    expect(await writer.drain()).toEqual(new Map());
  });

  it('scans the rows of the generations that it is asked for, and deletes one generation', async () => {
    const [kept, gone] = [rowsOf('g41'), rowsOf('g4')];
    for (const rows of [kept, gone]) {
      const lines = [{ key: 'a', line: 'line', version: 1 }];
      for (const id of ['1', '2', 'acme/1'])
        await rows.save({ id, expectedVersion: 0, version: 1, row: { name: id }, lines });
    }
    const scan = new DynamoDBRowScan<{ name: string }>(dynamodb.client, tables.readModel, effects);
    const found = async (...generations: string[]) => {
      const met: string[] = [];
      for (const each of parts) {
        for await (const { rows } of scan.pages(each, { generations })) {
          met.push(...rows.map(({ generation, id, row }) => `${generation} ${id} ${row?.name}`));
        }
      }
      return met.sort();
    };
    expect(await found('g4', 'g41')).toEqual(
      ['g4', 'g41'].flatMap((generation) =>
        ['1 1', '2 2', 'acme/1 acme/1'].map((row) => `${generation} ${row}`),
      ),
    );
    const torn = { pk: { S: 'g41#1' }, sk: { S: 'row' }, version: { N: '1' }, data: { S: '{torn' } };
    await dynamodb.client.send(new PutItemCommand({ TableName: tables.readModel.name, Item: torn }));
    expect(await found('g41')).toContain('g41 1 undefined');
    expect(await removeAll(scan, 'g4')).toEqual({ rows: 3, lines: 3 });
    expect(await found('g4', 'g41')).toHaveLength(3);
  });

  /** Deletes all parts of a generation. `isKilled`: each page is deleted by a run that is killed before it saves its place. */
  const removeAll = async (scan: DynamoDBRowScan<unknown>, generation: string, isKilled = false) => {
    const sum = { rows: 0, lines: 0 };
    for (const own of parts) {
      let reached: PartProgress | undefined;
      while (!reached?.done) {
        const work = { part: own, generation, sweep: scan, hasTime: () => false };
        if (isKilled) await removePart({ ...work, save: async () => false }, reached);
        reached = await removePart({ ...work, save: async () => true }, reached);
      }
      sum.rows += reached.counts.rows;
      sum.lines += reached.counts.lines;
    }
    return sum;
  };

  it.each([false, true])('deletes a generation of many pages, killed at each page: %p', async (isKilled) => {
    const [kept, gone] = isKilled ? ['g61', 'g6'] : ['g51', 'g5'];
    for (const [generation, ids] of [
      [kept, 2],
      [gone, 24],
    ] as const) {
      for (let id = 0; id < ids; id += 1) {
        const lines = [1, 2].map((key) => ({ key: `${key}`, line: 'x'.repeat(150_000), version: 1 }));
        await rowsOf(generation).save({
          ...{ id: `${id}`, expectedVersion: 0, version: 1, row: { name: 'a' }, lines },
        });
      }
    }
    const scan = new DynamoDBRowScan<unknown>(dynamodb.client, tables.readModel, effects);
    const removed = await removeAll(scan, gone, isKilled);
    if (!isKilled) expect(removed).toEqual({ rows: 24, lines: 48 });
    expect([await countOf(gone), await countOf(kept)]).toEqual([0, 6]);
  });

  const countOf = async (generation: string) => {
    let count = 0;
    const scan = { TableName: tables.readModel.name, FilterExpression: 'begins_with(pk, :generation)' };
    const values = { ExpressionAttributeValues: { ':generation': { S: `${generation}#` } } };
    for await (const page of paginateScan({ client: dynamodb.client }, { ...scan, ...values }))
      count += page.Count ?? 0;
    return count;
  };

  it('stores progress only over the revision that was loaded', async () => {
    const progress = new DynamoDBBuildProgress(dynamodb.client, tables.control);
    const name = { readModel: 'ledger', generation: 'g2', phase: 'fold', segment: 0 } as const;
    const reached = { done: false, counts: noCounts(), place: { stream: 'a/b', version: 3 } };
    expect(await progress.load(name)).toBeUndefined();
    expect(await progress.save(name, 0, reached)).toBe('saved');
    expect(await progress.save(name, 0, reached)).toBe('stale');
    expect(await progress.load(name)).toEqual({ revision: 1, progress: reached });
    expect(await progress.save(name, 1, { ...reached, done: true })).toBe('saved');
    const times = (now: string, until: string) => ({
      now: `2026-01-01T00:00:${now}.000Z`,
      until: `2026-01-01T00:00:${until}.000Z`,
    });
    expect(await progress.hold('ledger/g2', 'one', times('00', '10'))).toBe(true);
    expect(await progress.hold('ledger/g2', 'two', times('09', '19'))).toBe(false);
    expect(await progress.hold('ledger/g2', 'one', times('09', '19'))).toBe(true);
    expect(await progress.hold('ledger/g2', 'two', times('19', '29'))).toBe(true);
    expect(await progress.heldUntil('ledger/g2')).toBe('2026-01-01T00:00:29.000Z');
  });
});

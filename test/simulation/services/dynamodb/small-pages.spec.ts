import { expect, it } from '@jest/globals';
import {
  DynamoDBEventLog,
  DynamoDBLogScan,
  DynamoDBParkingLot,
  DynamoDBReadModel,
  DynamoDBSweep,
} from '../../../../lambdas/kernel/dynamodb/index.ts';
import { commitAt, simulatedEffects } from '../../../../lambdas/kernel/testing/index.ts';
import { directClient } from './direct-client.ts';
import { stackTables, tables } from './engine-tables.ts';
import { SimulatedDynamoDB } from './simulated-dynamodb.ts';

/** Adapters that read to the end, on a service whose pages have a few items only. */
const service = new SimulatedDynamoDB(stackTables, { pageMaxBytes: 2_000 });
const client = directClient(service, () => ({ nowMs: 0, staleMs: () => 0 }));
const effects = simulatedEffects();
const log = new DynamoDBEventLog(client, tables.eventLog, effects);

it('a stream is read over many pages, and a log is scanned over many pages of segments', async () => {
  const streams = Array.from({ length: 8 }, (_, index) => `test/${index}` as const);
  const versions = Array.from({ length: 30 }, (_, index) => index + 1);
  for (const stream of streams) for (const version of versions) await log.append([commitAt(stream, version)]);
  const read = (await Array.fromAsync(log.read('test/3'))).flat();
  expect(read.map(({ version }) => version)).toEqual(versions);
  const scan = new DynamoDBLogScan(client, tables.eventLog, effects);
  const met: string[] = [];
  let pages = 0;
  for (const segment of [0, 1, 2]) {
    for await (const page of scan.pages({ segment, segments: 3 }, { categories: ['test'] })) {
      pages += 1;
      met.push(...page.commits.map(({ stream, version }) => `${stream}@${version}`));
    }
  }
  expect(met.sort()).toEqual(
    streams.flatMap((stream) => versions.map((version) => `${stream}@${version}`)).sort(),
  );
  expect(pages).toBeGreaterThan(10);
});

it('what is parked is listed up to the limit, and swept page by page', async () => {
  const lot = new DynamoDBParkingLot(client, tables.parked, effects);
  const subjects = Array.from({ length: 40 }, (_, index) => `s${10 + index}`);
  for (const subject of subjects)
    await lot.park({ consumer: 'c', subject, reason: 'r', record: 'x'.repeat(500) });
  expect((await lot.list('c', { limit: 30 })).map(({ subject }) => subject)).toEqual(subjects.slice(0, 30));
  const sweep = new DynamoDBSweep(client, tables.parked, effects);
  let [deleted, pages] = [0, 0];
  let next: string | undefined;
  do {
    const page = await sweep.page(next);
    deleted += page.deleted;
    pages += 1;
    next = page.next;
  } while (next !== undefined);
  expect(deleted).toBe(40);
  expect(pages).toBeGreaterThan(5);
  expect(service.items(tables.parked.name)).toEqual([]);
});

it.each(['ascending', 'descending'] as const)(
  'lines are read %s to the last one, whatever the page',
  async (order) => {
    const rows = new DynamoDBReadModel<object, { readonly text: string }>(client, {
      table: tables.readModel,
      generation: 'g1',
      projection: {},
      effects,
    });
    const keys = Array.from({ length: 40 }, (_, index) => `${10 + index}`);
    const lines = keys.map((key) => ({ key, version: Number(key), line: { text: 'x'.repeat(100) } }));
    await rows.save({ id: order, expectedVersion: 0, version: 50, row: {}, lines });
    for (let limit = 1; limit <= 41; limit += 1) {
      const met: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await rows.lines(order, { order, limit, after });
        met.push(...page.lines.map(({ key }) => key));
        after = page.lines.at(-1)?.key;
        if (!page.hasMore) break;
      }
      expect(met).toEqual(order === 'ascending' ? keys : keys.toReversed());
    }
  },
);

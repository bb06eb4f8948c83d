import { describe, expect, it } from '@jest/globals';
import { fromItem, toItem } from '../../../lambdas/kernel/dynamodb/index.ts';
import { commitAt } from '../../../lambdas/kernel/testing/index.ts';
import { eventLogTable } from '../../../schema/tables.ts';
import { LogStream } from './log-stream.ts';

const nowMs = Date.parse('2026-03-01T08:00:00.700Z');
const keyOf = (stream: string, version: number) => ({
  stream: { S: stream },
  version: { N: String(version) },
});

describe('the stream of the log', () => {
  it('has a record of each commit, which reads as that commit', () => {
    const log = new LogStream({ table: 'log', shards: 1 });
    const commit = commitAt('ledger/a', 4, 2, { actor: 'ann' });
    const after = toItem(commit, eventLogTable);
    log.onChange({ table: 'log', key: keyOf('ledger/a', 4), after, nowMs });
    const [stored] = log.stream.shards[0]?.records ?? [];
    if (stored === undefined) throw new Error('There is a record.');
    expect(fromItem(stored.record.dynamodb?.NewImage ?? {}, eventLogTable)).toEqual(commit);
    expect(stored.record).toMatchObject({
      eventName: 'INSERT',
      dynamodb: {
        Keys: keyOf('ledger/a', 4),
        SequenceNumber: stored.sequenceNumber,
        ApproximateCreationDateTime: Math.floor(nowMs / 1_000),
      },
    });
  });

  it('has the changes and removals of commits too, and nothing of other tables', () => {
    const log = new LogStream({ table: 'log', shards: 1 });
    const key = keyOf('ledger/a', 1);
    log.onChange({ table: 'log', key, before: key, after: key, nowMs });
    log.onChange({ table: 'log', key, before: key, nowMs });
    log.onChange({ table: 'rows', key, after: key, nowMs });
    const records = log.stream.shards[0]?.records.map(({ record }) => record) ?? [];
    expect(records.map(({ eventName }) => eventName)).toEqual(['MODIFY', 'REMOVE']);
    expect(records[1]?.dynamodb).not.toHaveProperty('NewImage');
  });

  it('has the commits of a stream in one shard', () => {
    const log = new LogStream({ table: 'log', shards: 4 });
    for (let version = 1; version <= 20; version += 1) {
      for (const stream of ['ledger/a', 'ledger/b', 'metrics/c', 'dispense/d', 'ledger/e']) {
        const key = keyOf(stream, version);
        log.onChange({ table: 'log', key, after: key, nowMs });
      }
    }
    for (const { records } of log.stream.shards) expect(records.length % 20).toBe(0);
    expect(log.stream.shards.filter(({ records }) => records.length > 0).length).toBeGreaterThan(1);
  });
});

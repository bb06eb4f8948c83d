import { describe, expect, it } from '@jest/globals';
import type { LocalFunction } from '../lambda/function.ts';
import { BatchRunner, type BatchRunnerOptions } from './batch-runner.ts';
import type { GivenUp } from './failure-destination.ts';
import { parseMapping } from './mapping.ts';
import type { StreamRecord } from './stream-source.ts';

const required = {
  EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s',
  StartingPosition: 'TRIM_HORIZON',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
};
const instantly = async () => undefined;
const failing = { functionError: 'Unhandled' as const, payload: '{}' };
const reporting = (...ids: string[]) => ({
  payload: JSON.stringify({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }),
});

function record(sequenceNumber: string, arrivedAtMs = Date.now()): StreamRecord {
  return { sequenceNumber, arrivedAtMs, size: 1, eventRecord: { sequenceNumber }, filtered: () => ({}) };
}

/** Runs a batch against a function that answers with `respond`, and returns everything that happened. */
async function run(
  records: StreamRecord[],
  properties: Record<string, unknown>,
  respond: (ids: string[], invocation: number) => { payload: string; functionError?: 'Unhandled' },
  wait: BatchRunnerOptions['wait'] = instantly,
) {
  const invocations: string[][] = [];
  const progress: string[] = [];
  const givenUp: GivenUp[] = [];
  const reports: string[] = [];
  const target = {
    report: (_: unknown, { message }: Error) => void reports.push(message),
    configuration: { name: 'f', arn: 'arn' },
    invoke: async (payload: string) => {
      const ids = JSON.parse(payload).Records.map((it: { sequenceNumber: string }) => it.sequenceNumber);
      invocations.push(ids);
      return { requestId: 'r', ...respond(ids, invocations.length) };
    },
  } as unknown as LocalFunction;
  const runner = new BatchRunner({
    mapping: parseMapping('m', { ...required, ...properties }, target),
    shardId: 'shard',
    signal: new AbortController().signal,
    onProgress: async (sequenceNumber) => void progress.push(sequenceNumber),
    onGivenUp: async (it) => void givenUp.push(it),
    warn: () => undefined,
    wait,
  });
  await runner.run(records);
  return { invocations, progress, givenUp, reports };
}

const abcd = () => ['a', 'b', 'c', 'd'].map((id) => record(id));

describe('a batch', () => {
  it('is done when its function returns nothing', async () => {
    const { invocations, progress } = await run(abcd(), {}, () => ({ payload: 'null' }));
    expect(invocations).toEqual([['a', 'b', 'c', 'd']]);
    expect(progress).toEqual(['d']);
  });

  it('continues at the lowest record that failed', async () => {
    const { invocations, progress } = await run(abcd(), {}, (_, n) =>
      n === 1 ? reporting('d', 'c') : reporting(),
    );
    expect(invocations).toEqual([
      ['a', 'b', 'c', 'd'],
      ['c', 'd'],
    ]);
    expect(progress).toEqual(['b', 'd']);
  });

  it.each([[''], ['unknown']])('fails as a whole when it reports "%s"', async (id) => {
    const { invocations, progress, reports } = await run(abcd(), {}, (_, n) =>
      n === 1 ? reporting('b', id) : reporting(),
    );
    expect(reports).toEqual([expect.stringMatching(/^batchItemFailures is not a list of items/)]);
    expect(invocations).toEqual([
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', 'd'],
    ]);
    expect(progress).toEqual(['d']);
  });

  it('is given up after its retries, and the next batch follows', async () => {
    const { invocations, progress, givenUp } = await run(abcd(), { MaximumRetryAttempts: 1 }, () => failing);
    expect(invocations).toHaveLength(2);
    expect(givenUp).toEqual([
      expect.objectContaining({ condition: 'RetryAttemptsExhausted', shardId: 'shard', invokeCount: 2 }),
    ]);
    expect(progress).toEqual(['d']);
  });

  it('is retried without a limit, with the defaults of AWS, and every record is done in the end', async () => {
    const { invocations, progress, givenUp } = await run(
      abcd(),
      { MaximumRetryAttempts: -1, BisectBatchOnFunctionError: true },
      (ids, n) => (n <= 12 ? reporting(ids[0] ?? '') : reporting()),
      instantly,
    );
    expect(invocations.length).toBeGreaterThan(12);
    expect(givenUp).toEqual([]);
    expect(progress.at(-1)).toBe('d');
  });

  it('waits before each retry, at most 2 s', async () => {
    const waits: number[] = [];
    const wait = async (ms: number) => void waits.push(ms);
    await run([record('a')], {}, (_, n) => (n <= 9 ? failing : reporting()), wait);
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000, 2_000]);
  });

  it('is split until the failing record is alone, and only that record is given up', async () => {
    const properties = { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 };
    const { invocations, progress, givenUp } = await run(abcd(), properties, (ids) =>
      ids.includes('c') ? failing : { payload: 'null' },
    );
    expect(invocations).toEqual([['a', 'b', 'c', 'd'], ['a', 'b'], ['c', 'd'], ['c'], ['c'], ['d']]);
    expect(givenUp.map(({ records }) => records.map(({ sequenceNumber }) => sequenceNumber))).toEqual([
      ['c'],
    ]);
    expect(progress).toEqual(['b', 'c', 'd']);
  });

  it('gives up records that are too old', async () => {
    const records = [record('old', Date.now() - 61_000), record('new')];
    const { invocations, givenUp } = await run(records, { MaximumRecordAgeInSeconds: 60 }, () => ({
      payload: 'null',
    }));
    expect(invocations).toEqual([['new']]);
    expect(givenUp).toEqual([expect.objectContaining({ condition: 'RecordAgeExceeded', invokeCount: 0 })]);
  });
});

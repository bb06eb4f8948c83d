import { describe, expect, it } from '@jest/globals';
import type { KinesisStreamRecord } from 'aws-lambda';
import type { StreamUpdate } from '../stream-updates.ts';
import { batchSources, decode, encode } from '../testing/batches.fixture.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { projectBatch } from './project-batch.ts';

describe('a batch of the event stream', () => {
  const arrived = (text: string, sequence: number): KinesisStreamRecord =>
    ({
      eventID: `shardId-000:${sequence}`,
      kinesis: {
        sequenceNumber: String(sequence),
        data: Buffer.from(text).toString('base64'),
        approximateArrivalTimestamp: 1_767_225_600.5,
      },
    }) as KinesisStreamRecord;
  const projecting = (failed: readonly string[] = []) => {
    const updates: StreamUpdate[] = [];
    const project = async (batch: readonly StreamUpdate[]) => {
      updates.push(...batch);
      return { projected: batch.length, parked: [], failed: failed as never[] };
    };
    return {
      updates,
      dependencies: {
        ...batchSources(),
        consumer: 'ledger',
        category: 'ledger',
        decode,
        projector: { name: 'ledger', project },
      },
    };
  };
  const [a1, a2, b1] = [
    commitAt('ledger/a', 1, 2),
    commitAt('ledger/a', 3),
    commitAt('ledger/b', 1),
  ] as const;

  it('is grouped by stream, and commits of other categories are ignored', async () => {
    const { updates, dependencies } = projecting();
    const metric = commitAt('metric/m', 1);
    const records = [a1, b1, metric, a2].map((commit, index) => arrived(encode(commit), index + 1));
    const { response, commits } = await projectBatch(records, dependencies);
    expect(
      updates.map(({ stream, commits: each, reachedVersion }) => [stream, each.length, reachedVersion]),
    ).toEqual([
      ['ledger/a', 2, 3],
      ['ledger/b', 1, 1],
    ]);
    expect(commits).toHaveLength(3);
    expect(response.batchItemFailures).toEqual([]);
    expect(dependencies.progress.noted).toEqual([
      { shardId: 'shardId-000', sequenceNumber: '4', committedAt: a2.committedAt },
    ]);
  });

  it('parks a malformed record with its reason, and projects the others', async () => {
    const { updates, dependencies } = projecting();
    const { parked } = await projectBatch([arrived('{', 1), arrived(encode(b1), 2)], dependencies);
    expect(updates).toHaveLength(1);
    expect(parked).toBe(1);
    expect(dependencies.counts).toEqual({ Parked: 1 });
    expect(await dependencies.parkingLot.list('ledger', { limit: 9 })).toMatchObject([
      { subject: 'record 1', reason: 'The text is not a commit.', record: '{' },
    ]);
  });

  it('is delivered again from the first record of a failed stream, and progress ends before it', async () => {
    const { dependencies } = projecting(['ledger/a']);
    const records = [b1, a1, a2].map((commit, index) => arrived(encode(commit), index + 1));
    const { response } = await projectBatch(records, dependencies);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: '2' }]);
    expect(dependencies.progress.noted).toMatchObject([{ sequenceNumber: '1' }]);
  });
});

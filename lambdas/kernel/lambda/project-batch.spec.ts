import { describe, expect, it, jest } from '@jest/globals';
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

  describe('if other batches of its shard may run', () => {
    const outage = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const records = [commitAt('metric/m', 1), a1, b1, a2].map((commit, index) =>
      arrived(encode(commit), index + 1),
    );
    /** Keeps what is noted while the batch is projected. */
    const amongOthers = (failed: readonly string[] = []) => {
      const { updates, dependencies } = projecting(failed);
      const { progress, projector } = dependencies;
      const meanwhile: unknown[] = [];
      const project = async (batch: readonly StreamUpdate[]) => {
        meanwhile.push(...(await progress.read('ledger')));
        return projector.project(batch);
      };
      const shared = { ...dependencies, projector: { name: 'ledger', project }, batchesPerShard: 2 };
      return { updates, meanwhile, progress, shared };
    };
    const later = (progress: ReturnType<typeof batchSources>['progress']) =>
      progress.note('ledger', [{ shardId: 'shardId-000', sequenceNumber: '9', committedAt: a2.committedAt }]);

    it('is unfinished from its first own record on while it is projected, although a later batch is handled', async () => {
      const { meanwhile, progress, shared } = amongOthers();
      await later(progress);
      await projectBatch(records, shared);
      expect(meanwhile).toMatchObject([{ sequenceNumber: '9', unfinished: [{ sequenceNumber: '2' }] }]);
      const [noted] = await progress.read('ledger');
      expect(noted).toMatchObject({ sequenceNumber: '9' });
      expect(noted?.unfinished).toBeUndefined();
    });

    it('stays unfinished if its process ends, until it is delivered again in other parts', async () => {
      const { progress, shared } = amongOthers();
      const never = { name: 'ledger', project: () => new Promise<never>(() => undefined) };
      const killed = projectBatch(records, { ...shared, projector: never });
      await later(progress);
      await Promise.race([killed, new Promise((resolve) => setImmediate(resolve))]);
      expect(await progress.read('ledger')).toMatchObject([{ unfinished: [{ sequenceNumber: '2' }] }]);
      await projectBatch(records.slice(0, 2), shared);
      const [noted] = await progress.read('ledger');
      expect(noted?.unfinished).toBeUndefined();
    });

    it('is unfinished from the first failed record on afterwards', async () => {
      const { progress, shared } = amongOthers(['ledger/b']);
      await later(progress);
      await projectBatch(records, shared);
      expect(await progress.read('ledger')).toMatchObject([{ unfinished: [{ sequenceNumber: '3' }] }]);
    });

    it('comes again from its first own record on if that stays unfinished, although only a later one failed', async () => {
      const { progress, shared } = amongOthers(['ledger/b']);
      progress.noteBatch = async () => {
        throw outage;
      };
      const { response } = await projectBatch(records, shared);
      expect(response.batchItemFailures).toEqual([{ itemIdentifier: '2' }]);
    });

    it('notes nothing without own records', async () => {
      const { progress, shared } = amongOthers();
      const refusing = jest.fn(async () => undefined);
      progress.noteBegin = refusing;
      progress.noteBatch = refusing;
      await projectBatch(records.slice(0, 1), shared);
      expect(refusing).not.toHaveBeenCalled();
    });

    it('is projected although its begin cannot be noted, and a note that came through is removed', async () => {
      const { updates, progress, shared } = amongOthers();
      const { noteBegin } = progress;
      progress.noteBegin = async (...note) => {
        await noteBegin.apply(progress, note);
        throw outage;
      };
      await projectBatch(records, shared);
      expect(updates).toHaveLength(2);
      const [noted] = await progress.read('ledger');
      expect(noted).toMatchObject({ sequenceNumber: '4' });
      expect(noted?.unfinished).toBeUndefined();
    });
  });

  it('that runs alone notes no begin', async () => {
    const { dependencies } = projecting();
    const noteBegin = jest.fn(async () => undefined);
    dependencies.progress.noteBegin = noteBegin;
    await projectBatch([arrived(encode(a1), 1)], dependencies);
    expect(noteBegin).not.toHaveBeenCalled();
  });
});

import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import type { Commit } from '../commit.ts';
import { MemoryParkingLot } from '../memory/memory-parking-lot.ts';
import type { StreamUpdate } from '../stream-updates.ts';
import { decode, encode } from '../testing/batches.fixture.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { countingObserver } from '../testing/counting-observer.fixture.ts';
import { projectMessages } from './project-messages.ts';

const message = (messageId: string, body: string) => ({ messageId, body }) as SQSRecord;
const arrived = (messageId: string, commit: Commit) => message(messageId, encode(commit));

function setUp(failing: readonly string[] = []) {
  const seen: Record<string, StreamUpdate[]> = { ledger: [], metrics: [] };
  const projector = (category: string) => ({
    name: `todo-${category}`,
    project: async (batch: readonly StreamUpdate[]) => {
      seen[category]?.push(...batch);
      const failed = batch.map(({ stream }) => stream).filter((stream) => failing.includes(stream));
      return { projected: batch.length - failed.length, parked: [], failed };
    },
  });
  const parkingLot = new MemoryParkingLot();
  const projectors = new Map(['ledger', 'metrics'].map((category) => [category, projector(category)]));
  const { observer, counts } = countingObserver();
  const dependencies = { consumer: 'todo', decode, projectors, parkingLot, observer };
  return { seen, parkingLot, dependencies, counts };
}

describe('a batch of a queue', () => {
  it('is passed to the projector of each category, and commits of other categories are ignored', async () => {
    const { seen, dependencies } = setUp();
    const batch = [
      arrived('1', commitAt('ledger/a', 2)),
      arrived('2', commitAt('metrics/a', 1)),
      arrived('3', commitAt('ledger/a', 1)),
      arrived('4', commitAt('other/a', 1)),
    ];
    const { response, projected, commits } = await projectMessages(batch, dependencies);
    expect(response.batchItemFailures).toEqual([]);
    expect(projected).toBe(2);
    expect(commits).toHaveLength(4);
    expect(seen['ledger']?.map(({ stream, reachedVersion }) => [stream, reachedVersion])).toEqual([
      ['ledger/a', 2],
    ]);
    expect(seen['metrics']).toHaveLength(1);
  });

  it('is redelivered only for messages of failed streams', async () => {
    const { dependencies } = setUp(['ledger/a']);
    const batch = [
      arrived('1', commitAt('ledger/a', 1)),
      arrived('2', commitAt('ledger/b', 1)),
      arrived('3', commitAt('ledger/a', 2)),
    ];
    const { response, failed } = await projectMessages(batch, dependencies);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: '1' }, { itemIdentifier: '3' }]);
    expect(failed).toBe(2);
  });

  it('parks a message that is not a published commit and projects the others', async () => {
    const { dependencies, parkingLot, counts } = setUp();
    const batch = [message('1', 'Jane'), arrived('2', commitAt('ledger/b', 1))];
    const { response, parked, projected } = await projectMessages(batch, dependencies);
    expect(response.batchItemFailures).toEqual([]);
    expect([parked, projected]).toEqual([1, 1]);
    expect(counts).toEqual({ Parked: 1 });
    expect(await parkingLot.list('todo', { limit: 9 })).toMatchObject([
      { subject: 'message 1', reason: 'The text is not a commit.', record: 'Jane' },
    ]);
  });

  it('delivers a malformed message again if it could not be parked', async () => {
    const { dependencies, parkingLot, counts } = setUp();
    parkingLot.park = async () => {
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    };
    const { response } = await projectMessages([message('1', '[]')], dependencies);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
    expect(counts).toEqual({});
  });
});

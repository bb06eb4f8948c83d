import { describe, expect, it } from '@jest/globals';
import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda';
import { decodeCommit, encodeCommit, requirePublishable } from '../../messaging/published-commit.ts';
import type { Commit } from '../commit.ts';
import { toItem } from '../dynamodb/commit-item.ts';
import { MemoryParkingLot } from '../memory/memory-parking-lot.ts';
import type { ShardProgress } from '../progress.ts';
import type { StreamUpdate } from '../stream-updates.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { countingObserver } from '../testing/counting-observer.fixture.ts';
import { projectBatch } from './project-batch.ts';
import { publishBatch } from './publish-batch.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };

class MemoryProgress {
  readonly noted: ShardProgress[] = [];
  async note(_consumer: string, progress: readonly ShardProgress[]): Promise<void> {
    this.noted.push(...progress);
  }
  async read(): Promise<ShardProgress[]> {
    return this.noted;
  }
}

const common = () => ({
  parkingLot: new MemoryParkingLot(),
  progress: new MemoryProgress(),
  ...countingObserver(),
});

describe('a batch of the log’s stream', () => {
  const inserted = (commit: Commit, sequence: number): DynamoDBRecord => ({
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: String(sequence),
      Keys: { stream: { S: commit.stream }, version: { N: String(commit.version) } },
      NewImage: toItem(commit, keys) as Record<string, { S: string }>,
    },
  });
  const commits = [commitAt('ledger/a', 1), commitAt('ledger/b', 1), commitAt('ledger/a', 2)] as const;
  const records = commits.map((commit, index) => inserted(commit, 100 + index));
  const publishing = (failed: readonly number[]) => {
    const seen: Commit[] = [];
    const publish = async (all: readonly Commit[]) => {
      seen.push(...all);
      return { failed: failed.map((index) => all[index] as Commit), error: undefined, positions: [] };
    };
    return {
      seen,
      dependencies: { ...common(), publisher: { publish }, queues: [], keys, requirePublishable },
    };
  };

  it('is published as the commits it holds', async () => {
    const { seen, dependencies } = publishing([]);
    const { response, published } = await publishBatch(records, dependencies);
    expect(seen).toStrictEqual([...commits]);
    expect(published).toHaveLength(3);
    expect(response.batchItemFailures).toEqual([]);
  });

  it('comes again from the lowest commit that failed', async () => {
    const { dependencies } = publishing([2, 1]);
    const { response } = await publishBatch(records, dependencies);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: '101' }]);
  });

  it('goes to the queues that an event of it concerns, beside the event stream', async () => {
    const { seen, dependencies } = publishing([]);
    const sent: Record<string, string[]> = { all: [], none: [] };
    const queue = (name: string, ...eventTypes: string[]) => ({
      eventTypes: new Set(eventTypes),
      publisher: {
        publish: async (all: readonly Commit[]) => {
          sent[name]?.push(...all.map(({ stream, version }) => `${stream}@${version}`));
          return { failed: [], error: undefined };
        },
      },
    });
    const queues = [queue('all', 'Other:Happened', 'Test:Happened'), queue('none', 'Other:Happened')];
    await publishBatch(records, { ...dependencies, queues });
    expect(sent).toEqual({ all: ['ledger/a@1', 'ledger/b@1', 'ledger/a@2'], none: [] });
    expect(seen).toHaveLength(3);
  });

  it('comes again from the lowest commit that any destination refused', async () => {
    const { dependencies } = publishing([2]);
    const publish = async (all: readonly Commit[]) => ({ failed: all.slice(1, 2), error: undefined });
    const queues = [{ eventTypes: new Set(['Test:Happened']), publisher: { publish } }];
    const { response, published, failed } = await publishBatch(records, { ...dependencies, queues });
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: '101' }]);
    expect(published).toEqual([commits[0]]);
    expect(failed).toBe(2);
  });

  it('parks what is no commit and publishes the rest', async () => {
    const [first, second] = records as [DynamoDBRecord, DynamoDBRecord];
    const Keys = { stream: { S: `ledger/${'x'.repeat(300)}` }, version: { N: '1' } };
    const odd = { ...second, dynamodb: { ...second.dynamodb, Keys, NewImage: {} } };
    const empty = { ...second, dynamodb: { SequenceNumber: '7' } };
    const { seen, dependencies } = publishing([]);
    const { parked } = await publishBatch([odd, first, empty], dependencies);
    expect(seen).toHaveLength(1);
    expect(parked).toBe(2);
    expect(dependencies.counts).toEqual({ Parked: 2 });
    const lot = await dependencies.parkingLot.list('publisher', { limit: 9 });
    expect(lot.map(({ subject, reason }) => [subject, reason])).toEqual([
      ['7@7', 'The stream record has no new image.'],
      [expect.stringMatching(/^ledger\/x{100,}$/), 'The commit has no string attribute "stream".'],
    ]);
  });

  it.each([
    ['no events', {}],
    ['garbage for events', { events: { S: 'garbage' } }],
    ['null for an event', { events: { S: '[null]' } }],
    ['an event without a type', { events: { S: '[{"id":"e","schemaVersion":1,"data":{}}]' } }],
  ])(
    'publishes a commit with %s without its events, so that its projectors park the stream',
    async (_name, image) => {
      const [first, second] = records as [DynamoDBRecord, DynamoDBRecord];
      const NewImage = { ...second.dynamodb?.NewImage, ...image };
      if (!('events' in image)) delete NewImage['events'];
      const { seen, dependencies } = publishing([]);
      const unreadable = { ...second, dynamodb: { ...second.dynamodb, NewImage } };
      const { response, parked } = await publishBatch([unreadable, first], dependencies);
      expect({ response, parked }).toEqual({ response: { batchItemFailures: [] }, parked: 0 });
      const [notification] = seen as [Commit];
      expect(decodeCommit(encodeCommit(notification))).toMatchObject({
        stream: 'ledger/b',
        version: 1,
        count: 1,
        events: [],
      });
      expect(seen).toHaveLength(2);
    },
  );

  it('says nothing of changes that are no inserts', async () => {
    const { seen, dependencies } = publishing([]);
    await publishBatch([{ ...records[0], eventName: 'MODIFY' } as DynamoDBRecord], dependencies);
    expect(seen).toEqual([]);
  });
});

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
        ...common(),
        consumer: 'ledger',
        category: 'ledger',
        decode: decodeCommit,
        projector: { project },
      },
    };
  };
  const [a1, a2, b1] = [
    commitAt('ledger/a', 1, 2),
    commitAt('ledger/a', 3),
    commitAt('ledger/b', 1),
  ] as const;

  it('is gathered by stream, and other categories are left to other projectors', async () => {
    const { updates, dependencies } = projecting();
    const metric = commitAt('metric/m', 1);
    const records = [a1, b1, metric, a2].map((commit, index) => arrived(encodeCommit(commit), index + 1));
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

  it('parks a malformed record with its reason, and the rest goes on', async () => {
    const { updates, dependencies } = projecting();
    const { parked } = await projectBatch([arrived('{', 1), arrived(encodeCommit(b1), 2)], dependencies);
    expect(updates).toHaveLength(1);
    expect(parked).toBe(1);
    expect(dependencies.counts).toEqual({ Parked: 1 });
    expect(await dependencies.parkingLot.list('ledger', { limit: 9 })).toMatchObject([
      { subject: 'record 1', reason: 'The record is not JSON.', record: '{' },
    ]);
  });

  it('comes again from the lowest record of a stream that failed, and counts as done up to there', async () => {
    const { dependencies } = projecting(['ledger/a']);
    const records = [b1, a1, a2].map((commit, index) => arrived(encodeCommit(commit), index + 1));
    const { response } = await projectBatch(records, dependencies);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: '2' }]);
    expect(dependencies.progress.noted).toMatchObject([{ sequenceNumber: '1' }]);
  });
});

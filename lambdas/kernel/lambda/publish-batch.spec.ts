import { describe, expect, it } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Commit } from '../commit.ts';
import { toItem } from '../dynamodb/commit-item.ts';
import { batchSources } from '../testing/batches.fixture.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { publishBatch } from './publish-batch.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };
const requirePublishable = ({ committedAt }: Commit) => {
  if (committedAt === 'unpublishable') throw new Error('The commit cannot be published.');
};

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
      dependencies: { ...batchSources(), publisher: { publish }, queues: [], keys, requirePublishable },
    };
  };

  it('is published as its commits', async () => {
    const { seen, dependencies } = publishing([]);
    const { response, published } = await publishBatch(records, dependencies);
    expect(seen).toStrictEqual([...commits]);
    expect(published).toHaveLength(3);
    expect(response.batchItemFailures).toEqual([]);
  });

  it('is delivered again from the lowest commit that failed', async () => {
    const { dependencies } = publishing([2, 1]);
    const { response } = await publishBatch(records, dependencies);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: '101' }]);
  });

  it('is sent to the event stream, and to the queues of its event types', async () => {
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

  it('is delivered again from the lowest commit that a destination refused', async () => {
    const { dependencies } = publishing([2]);
    const publish = async (all: readonly Commit[]) => ({ failed: all.slice(1, 2), error: undefined });
    const queues = [{ eventTypes: new Set(['Test:Happened']), publisher: { publish } }];
    const { response, published, failed } = await publishBatch(records, { ...dependencies, queues });
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: '101' }]);
    expect(published).toEqual([commits[0]]);
    expect(failed).toBe(2);
  });

  it('parks a record that is not a commit and publishes the others', async () => {
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
    ['no events', undefined],
    ['garbage for events', 'garbage'],
    ['null for an event', '[null]'],
    ['an event without a type', '[{"id":"e","schemaVersion":1,"data":{}}]'],
  ])(
    'publishes a commit with %s without its events: projectors then park the stream',
    async (_name, json) => {
      const [first, second] = records as [DynamoDBRecord, DynamoDBRecord];
      const { events: _events, ...rest } = second.dynamodb?.NewImage ?? {};
      const NewImage = { ...rest, ...(json !== undefined && { events: { S: json } }) };
      const { seen, dependencies } = publishing([]);
      const unreadable = { ...second, dynamodb: { ...second.dynamodb, NewImage } };
      const { response, parked } = await publishBatch([unreadable, first], dependencies);
      expect({ response, parked }).toEqual({ response: { batchItemFailures: [] }, parked: 0 });
      expect(seen).toMatchObject([{ stream: 'ledger/b', version: 1, events: [] }, { stream: 'ledger/a' }]);
    },
  );

  it('publishes a commit that no consumer would accept without its events', async () => {
    const { seen, dependencies } = publishing([]);
    const refused = commitAt('ledger/c', 1, 1, { committedAt: 'unpublishable' });
    await publishBatch([inserted(refused, 1)], dependencies);
    expect(seen).toMatchObject([{ stream: 'ledger/c', version: 1, events: [] }]);
  });

  it('ignores changes that are not inserts', async () => {
    const { seen, dependencies } = publishing([]);
    await publishBatch([{ ...records[0], eventName: 'MODIFY' } as DynamoDBRecord], dependencies);
    expect(seen).toEqual([]);
  });
});

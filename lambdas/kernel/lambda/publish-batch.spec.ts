import { describe, expect, it, jest } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { circuitMs } from '../circuit.ts';
import type { Commit } from '../commit.ts';
import { Destination } from '../destination.ts';
import { toItem } from '../dynamodb/commit-item.ts';
import type { CommitPublisher } from '../publishing.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { FakeDestination, publisherSources } from '../testing/destinations.fixture.ts';
import { publishBatch } from './publish-batch.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };

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
  /** The dependencies, with an event stream and the queue `there`, which takes commits of `eventTypes`. */
  const publishing = (...eventTypes: string[]) => {
    const sources = publisherSources(new Set(eventTypes));
    const stream = new FakeDestination('event stream');
    const seen: Commit[] = [];
    const publisher: CommitPublisher = {
      publish: (all, attempts) => {
        seen.push(...all);
        return stream.publish(all, attempts);
      },
    };
    const eventStream = new Destination({ name: 'event-stream', publisher, effects: sources.effects });
    const dependencies = {
      ...sources.dependencies,
      destinations: [eventStream, sources.destination],
      keys,
    };
    const publish = (batch: readonly DynamoDBRecord[] = records) => publishBatch(batch, dependencies);
    return { ...sources, dependencies, publish, seen, stream, queue: sources.fake };
  };
  const nothingFailed = { batchItemFailures: [] };
  const isOf = (stream: string) => (commit: Commit) => commit.stream === stream;

  it('is published as its commits', async () => {
    const { seen, publish } = publishing();
    const { response, published } = await publish();
    expect(seen).toStrictEqual([...commits]);
    expect(published).toHaveLength(3);
    expect(response).toEqual(nothingFailed);
  });

  it('is sent to the event stream, and to the queues of its event types', async () => {
    const { stream, queue, publish } = publishing('Other:Happened', 'Test:Happened');
    const none = publishing('Other:Happened');
    await publish();
    await none.publish();
    const all = ['ledger/a@1', 'ledger/b@1', 'ledger/a@2'];
    expect([stream.accepted, queue.accepted, none.stream.accepted]).toEqual([all, all, all]);
    expect(none.queue.attempts).toEqual([]);
  });

  it('is done although a destination is down: the commits wait for it', async () => {
    const { stream, queue, publish, waiting, dependencies } = publishing('Test:Happened');
    queue.answer = () => 'defer';
    const { response, published, deferred, failed } = await publish();
    expect({ response, published, deferred, failed }).toEqual({
      response: nothingFailed,
      published: [],
      deferred: 3,
      failed: 0,
    });
    expect(stream.accepted).toHaveLength(3);
    // Those of the same time by their names.
    expect(await waiting()).toEqual(['ledger/a@1', 'ledger/a@2', 'ledger/b@1']);
    expect(dependencies.counts).toEqual({ Deferred: 3 });
  });

  it('lets only those commits wait that the destination did not accept', async () => {
    const { queue, publish, waiting } = publishing('Test:Happened');
    queue.answer = (commit) => (isOf('ledger/b')(commit) ? 'defer' : 'accept');
    const { published } = await publish();
    expect(published).toEqual([commits[0], commits[2]]);
    expect(await waiting()).toEqual(['ledger/b@1']);
  });

  it('goes on for queues while the event stream is down', async () => {
    const { stream, queue, publish, dependencies } = publishing('Test:Happened');
    stream.answer = () => 'defer';
    expect((await publish()).response).toEqual(nothingFailed);
    expect(queue.accepted).toHaveLength(3);
    expect(await dependencies.waitingRoom.oldest('event-stream', 9)).toHaveLength(3);
    expect(dependencies.progress.noted).toEqual([]);
  });

  it('parks a commit that a destination refuses for good, with the reason, and nothing else', async () => {
    const { queue, publish, waiting, parked, dependencies } = publishing('Test:Happened');
    queue.answer = (commit) => (isOf('ledger/b')(commit) ? 'InvalidMessageContents' : 'accept');
    const result = await publish();
    expect(result).toMatchObject({ response: nothingFailed, parked: 1, failed: 0, deferred: 0 });
    expect(queue.accepted).toEqual(['ledger/a@1', 'ledger/a@2']);
    expect(await parked()).toEqual([
      {
        consumer: 'publisher/there',
        subject: 'ledger/b@1',
        version: 1,
        reason: 'The destination there refuses the commit: InvalidMessageContents.',
      },
    ]);
    expect(await waiting()).toEqual([]);
    expect(dependencies.counts).toEqual({ Parked: 1 });
  });

  it('parks what a destination refuses for good concurrently, at most 16 at once', async () => {
    const { queue, publish, parked, dependencies } = publishing('Test:Happened');
    queue.answer = () => 'InvalidMessageContents';
    const many = Array.from({ length: 40 }, (_, index) => inserted(commitAt('ledger/c', index + 1), index));
    const { parkingLot } = dependencies;
    const park = parkingLot.park.bind(parkingLot);
    let [running, most] = [0, 0];
    parkingLot.park = async (entry) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      await park(entry);
      running -= 1;
    };
    expect(await publish(many)).toMatchObject({ response: nothingFailed, parked: 40, deferred: 0 });
    expect(most).toBe(16);
    expect(await parked()).toHaveLength(40);
  });

  it('notes no progress of a category whose commit neither the event stream accepts nor the waiting room', async () => {
    const { stream, publish, dependencies } = publishing();
    stream.answer = (commit) => (isOf('ledger/b')(commit) ? 'defer' : 'accept');
    const add = dependencies.waitingRoom.add.bind(dependencies.waitingRoom);
    dependencies.waitingRoom.add = async () => {
      throw Object.assign(new Error('The table is down.'), { name: 'ServiceUnavailable' });
    };
    const other = inserted(commitAt('metrics/a', 1), 200);
    const { progress } = dependencies;
    expect(await publish([...records, other])).toMatchObject({ failed: 1 });
    expect([await progress.read('publisher/ledger'), await progress.read('publisher/metrics')]).toEqual([
      [],
      [expect.objectContaining({ shardId: 'shard-0' })],
    ]);
    dependencies.waitingRoom.add = add;
    await publish();
    expect(await progress.read('publisher/ledger')).toHaveLength(1);
  });

  it.each([
    ['a commit that cannot wait', 'defer', 'waitingRoom', 'add'],
    ['a commit that cannot be parked', 'Refused', 'parkingLot', 'park'],
  ] as const)('is delivered again from the lowest one on: %s', async (_name, answer, port, method) => {
    const { queue, publish, dependencies } = publishing('Test:Happened');
    queue.answer = (commit) => (isOf('ledger/b')(commit) ? answer : 'accept');
    Object.assign(dependencies[port], {
      [method]: async () => {
        throw Object.assign(new Error('The table is down.'), { name: 'ServiceUnavailable' });
      },
    });
    expect(await publish()).toMatchObject({
      response: { batchItemFailures: [{ itemIdentifier: '101' }] },
      published: [commits[0], commits[2]],
      failed: 1,
      parked: 0,
    });
  });

  it('leaves a destination alone for some seconds that accepted nothing, then tries it once', async () => {
    const { queue, publish, waiting, wait, dependencies } = publishing('Test:Happened');
    for (const commit of commits) await dependencies.log.append([commit]);
    const batch = records.slice(0, 1);
    queue.answer = () => 'defer';
    await publish(batch);
    await publish(records.slice(1, 2));
    expect(queue.attempts).toEqual([4]);
    wait(circuitMs);
    await publish(batch);
    expect(queue.attempts).toEqual([4, 1]);
    wait(circuitMs);
    queue.answer = () => 'accept';
    await publish(batch);
    // The last call publishes what waits.
    expect(queue.attempts).toEqual([4, 1, 1, 4]);
    expect(queue.accepted).toEqual(['ledger/a@1', 'ledger/a@1', 'ledger/b@1']);
    expect(await waiting()).toHaveLength(0);
  });

  it('publishes a portion of what waits once the destination accepts, and asks no more when nothing waits', async () => {
    const { queue, publish, waiting, wait, dependencies } = publishing('Test:Happened');
    await dependencies.log.append([commits[0]]);
    queue.answer = () => 'defer';
    await publish(records.slice(0, 1));
    wait(circuitMs);
    queue.answer = () => 'accept';
    await publish(records.slice(1, 2));
    expect(queue.accepted).toEqual(['ledger/b@1', 'ledger/a@1']);
    expect(await waiting()).toEqual([]);
    const oldest = jest.spyOn(dependencies.waitingRoom, 'oldest');
    await publish(records.slice(1, 2));
    const asked = () => oldest.mock.calls.filter(([destination]) => destination === 'there').length;
    expect(asked()).toBe(0);

    queue.answer = () => 'defer';
    await publish(records.slice(0, 1));
    wait(circuitMs);
    queue.answer = () => 'accept';
    await publish(records.slice(1, 2));
    expect(asked()).toBe(1);
  });

  it('goes on with the rest of a destination that throttles a part, without retries', async () => {
    const { queue, publish, waiting, wait } = publishing('Test:Happened');
    queue.answersAlways = true;
    queue.answer = (commit) => (isOf('ledger/b')(commit) ? 'defer' : 'accept');
    await publish(records.slice(1, 2));
    await publish(records.slice(0, 1));
    await publish(records.slice(2, 3));
    expect(queue.accepted).toEqual(['ledger/a@1', 'ledger/a@2']);
    expect(queue.attempts).toEqual([4, 1, 1]);
    expect(await waiting()).toEqual(['ledger/b@1']);
    wait(circuitMs);
    await publish(records.slice(0, 1));
    expect(queue.attempts.slice(0, 4)).toEqual([4, 1, 1, 4]);
  });

  it('is done if what waits cannot be read', async () => {
    const { publish, dependencies } = publishing('Test:Happened');
    dependencies.waitingRoom.oldest = async () => {
      throw Object.assign(new Error('The table is down.'), { name: 'ServiceUnavailable' });
    };
    expect((await publish()).response).toEqual(nothingFailed);
  });

  it('parks a record that is not a commit and publishes the others', async () => {
    const [first, second] = records as [DynamoDBRecord, DynamoDBRecord];
    const Keys = { stream: { S: `ledger/${'x'.repeat(300)}` }, version: { N: '1' } };
    const odd = { ...second, dynamodb: { ...second.dynamodb, Keys, NewImage: {} } };
    const empty = { ...second, dynamodb: { SequenceNumber: '7' } };
    const { seen, publish, dependencies } = publishing();
    const { parked } = await publish([odd, first, empty]);
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
      const { seen, publish } = publishing();
      const unreadable = { ...second, dynamodb: { ...second.dynamodb, NewImage } };
      const { response, parked } = await publish([unreadable, first]);
      expect({ response, parked }).toEqual({ response: { batchItemFailures: [] }, parked: 0 });
      expect(seen).toMatchObject([{ stream: 'ledger/b', version: 1, events: [] }, { stream: 'ledger/a' }]);
    },
  );

  it('publishes a commit that no consumer would accept without its events, to every destination', async () => {
    const { seen, queue, publish } = publishing('Other:Happened');
    const refused = commitAt('ledger/c', 1, 1, { committedAt: 'unpublishable' });
    await publish([inserted(refused, 1)]);
    expect(seen).toMatchObject([{ stream: 'ledger/c', version: 1, events: [] }]);
    // Its types are not known, so a queue may need it.
    expect(queue.accepted).toEqual(['ledger/c@1']);
  });

  it('ignores changes that are not inserts', async () => {
    const { seen, publish } = publishing();
    await publish([{ ...records[0], eventName: 'MODIFY' } as DynamoDBRecord]);
    expect(seen).toEqual([]);
  });
});

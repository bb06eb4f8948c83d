import { describe, expect, it } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Commit } from '../commit.ts';
import { Destination } from '../destination.ts';
import { toItem } from '../dynamodb/commit-item.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { FakeDestination, placeOf, publisherSources } from '../testing/destinations.fixture.ts';
import { recordingObserver, traceparentIn } from '../testing/recording-observer.fixture.ts';
import { drainWaiting, waitingMaxDays } from './drain-waiting.ts';
import { publishBatch } from './publish-batch.ts';
import { republishParked } from './republish-parked.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };

function inserted(commit: Commit, index: number): DynamoDBRecord {
  return {
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: String(index),
      Keys: { stream: { S: commit.stream }, version: { N: String(commit.version) } },
      NewImage: toItem(commit, keys) as Record<string, { S: string }>,
    },
  };
}

const traced = (stream: 'ledger/a' | 'ledger/b', version: number, trace?: string) =>
  commitAt(stream, version, 1, { traceparent: trace === undefined ? undefined : traceparentIn(trace) });

/** Two destinations, of which `there` takes commits with events that happen. */
function publishing() {
  const sources = publisherSources(new Set(['Test:Happened']));
  const { observer, take, counts } = recordingObserver();
  const stream = new FakeDestination('event stream');
  const eventStream = new Destination({ name: 'event-stream', publisher: stream, effects: sources.effects });
  const dependencies = { ...sources.dependencies, observer };
  const publish = (...commits: readonly Commit[]) => {
    const destinations = [eventStream, sources.destination];
    return publishBatch(commits.map(inserted), { ...dependencies, destinations, keys });
  };
  return { ...sources, dependencies, stream, publish, take, counts };
}

const line = (number: number, destination: string, ...places: string[]) => {
  const details = places.map((place) => ({ stream: place.split('@')[0], commits: [place], destination }));
  return `${number} publish ${JSON.stringify(details)}`;
};

describe('the steps of the publisher', () => {
  it('are one for each destination and trace, and the messages carry their contexts', async () => {
    const { publish, take, stream, fake } = publishing();
    await publish(traced('ledger/a', 1, 'a'), traced('ledger/b', 1, 'b'), traced('ledger/a', 2, 'a'));
    expect(take()).toEqual([
      line(1, 'event-stream', 'ledger/a@1', 'ledger/a@2'),
      line(2, 'event-stream', 'ledger/b@1'),
      line(3, 'there', 'ledger/a@1', 'ledger/a@2'),
      line(4, 'there', 'ledger/b@1'),
    ]);
    expect(stream.contexts).toEqual([
      ['ledger/a@1', traceparentIn('a', '1')],
      ['ledger/b@1', traceparentIn('b', '2')],
      ['ledger/a@2', traceparentIn('a', '1')],
    ]);
    expect(fake.contexts.map(([, context]) => context)).toEqual(
      ['a3', 'b4', 'a3'].map(([trace, span]) => traceparentIn(String(trace), span)),
    );
  });

  it('are none for a destination that takes none of the commits', async () => {
    const { publish, take } = publishing();
    const events = [{ id: 'e', type: 'Other:Happened', schemaVersion: 1, data: {} }];
    await publish({ ...traced('ledger/a', 1, 'a'), events });
    expect(take()).toEqual([line(1, 'event-stream', 'ledger/a@1')]);
  });

  it('leave the context of a commit in its message if nothing is traced', async () => {
    const { dependencies, destination, fake } = publisherSources();
    const commits = [traced('ledger/a', 1, 'a'), traced('ledger/b', 1)];
    const destinations = [destination];
    await publishBatch(commits.map(inserted), { ...dependencies, destinations, keys });
    expect(fake.contexts).toEqual([
      ['ledger/a@1', traceparentIn('a')],
      ['ledger/b@1', undefined],
    ]);
  });

  it('are in the trace of a commit that cannot be read, too', async () => {
    const { dependencies, destination, take, fake } = publishing();
    const record = (commit: Commit, traceparent: string) => {
      const { dynamodb, ...rest } = inserted(commit, 1);
      const NewImage = { ...dynamodb?.NewImage, events: { S: 'no JSON' }, traceparent: { S: traceparent } };
      return { ...rest, dynamodb: { ...dynamodb, NewImage } };
    };
    const records = [
      record(traced('ledger/a', 1), traceparentIn('a')),
      record(traced('ledger/b', 1), 'malformed'),
    ];
    await publishBatch(records, { ...dependencies, destinations: [destination], keys });
    expect(take()).toEqual([line(1, 'there', 'ledger/a@1'), line(2, 'there', 'ledger/b@1')]);
    expect(fake.contexts[0]).toEqual(['ledger/a@1', traceparentIn('a', '1')]);
  });

  it('tell which commits wait for a destination, and fail', async () => {
    const { publish, take, fake, counts } = publishing();
    fake.answer = ({ stream }) => (stream === 'ledger/a' ? 'defer' : 'accept');
    await publish(traced('ledger/a', 1, 'a'), traced('ledger/a', 2, 'a'), traced('ledger/b', 1, 'b'));
    expect(take().slice(4)).toEqual([
      '3 · deferred {"commit":"ledger/a@1"}',
      '3 fails: Error',
      '3 · deferred {"commit":"ledger/a@2"}',
      '3 fails: Error',
    ]);
    expect(counts).toEqual({ Deferred: 2 });
  });

  it('only fail if the commits cannot wait', async () => {
    const { publish, take, fake, dependencies } = publishing();
    fake.answer = () => 'defer';
    dependencies.waitingRoom.add = () => Promise.reject(new Error('full'));
    expect((await publish(traced('ledger/a', 1, 'a'))).failed).toBe(1);
    expect(take().slice(2)).toEqual(['2 fails: Error']);
  });

  it('tell which commit is refused and parked, in its own trace', async () => {
    const { publish, take, fake, counts } = publishing();
    fake.answer = ({ stream }) => (stream === 'ledger/b' ? 'InvalidMessageContents' : 'accept');
    await publish(traced('ledger/a', 1, 'a'), traced('ledger/b', 1, 'b'));
    expect(take().slice(4)).toEqual([
      '4 · refused {"commit":"ledger/b@1","code":"InvalidMessageContents"}',
      '4 fails: InvalidMessageContents',
      '4 · parked {"consumer":"publisher/there","subject":"ledger/b@1","version":1}',
    ]);
    expect(counts).toEqual({ Parked: 1 });
  });

  it('tell of the batch that a record is parked that is no commit', async () => {
    const { publish, take, dependencies } = publishing();
    const commit = traced('ledger/a', 1, 'a');
    const broken = { eventName: 'INSERT', dynamodb: { SequenceNumber: '7' } } as const;
    await publish();
    await publishBatch([inserted(commit, 1), broken], { ...dependencies, destinations: [], keys });
    expect(take()).toEqual([expect.stringMatching(/^- · parked {"consumer":"publisher","subject":/)]);
  });
});

describe('the steps of publishing what waits', () => {
  const waitingFor = async (...commits: readonly Commit[]) => {
    const test = publishing();
    test.fake.answer = () => 'defer';
    for (const commit of commits) await test.dependencies.log.append([commit]);
    await test.publish(...commits);
    test.take();
    test.wait(60_000);
    const drain = () => drainWaiting(test.destination, test.dependencies, () => true);
    return { ...test, drain };
  };

  it('are of the traces of the commits', async () => {
    const { drain, fake, take } = await waitingFor(traced('ledger/a', 1, 'a'), traced('ledger/b', 1, 'b'));
    fake.answer = () => 'accept';
    expect(await drain()).toMatchObject({ published: 2 });
    expect(take()).toEqual([line(5, 'there', 'ledger/a@1'), line(6, 'there', 'ledger/b@1')]);
    expect(fake.contexts.at(-1)).toEqual(['ledger/b@1', traceparentIn('b', '6')]);
  });

  it('tell that a commit still waits', async () => {
    const { drain, take, counts } = await waitingFor(traced('ledger/a', 1, 'a'));
    await drain();
    expect(take().slice(1)).toEqual(['3 · deferred {"commit":"ledger/a@1"}', '3 fails: Error']);
    expect(counts).toEqual({ Deferred: 1 });
  });

  it('tell that a commit is parked that waited for too long', async () => {
    const commits = [traced('ledger/a', 1, 'a'), traced('ledger/b', 1, 'b')];
    const { drain, take, wait } = await waitingFor(...commits);
    wait(waitingMaxDays * 86_400_000);
    expect(await drain()).toMatchObject({ parked: 2 });
    expect(take().slice(2)).toEqual([
      '5 · parked {"consumer":"publisher/there","subject":"ledger/a@1","version":1}',
      '6 · parked {"consumer":"publisher/there","subject":"ledger/b@1","version":1}',
      '5 fails: Error',
      '6 fails: Error',
    ]);
  });

  it('tell of the call that the log has no such commit', async () => {
    const { drain, take, dependencies } = await waitingFor();
    const waitingSince = dependencies.effects.now();
    const row = {
      destination: 'there',
      stream: 'ledger/a',
      version: 1,
      committedAt: waitingSince,
      waitingSince,
    };
    await dependencies.waitingRoom.add([{ ...row, stream: 'ledger/a' }]);
    expect(await drain()).toMatchObject({ parked: 1 });
    expect(take()).toEqual(['- · parked {"consumer":"publisher/there","subject":"ledger/a@1","version":1}']);
  });
});

describe('the steps of publishing what is parked', () => {
  it('are of the traces of the commits, and fail if they are refused again', async () => {
    const { publish, fake, destination, dependencies, take } = publishing();
    const commits = [traced('ledger/a', 1, 'a'), traced('ledger/b', 1, 'b'), traced('ledger/a', 2, 'a')];
    for (const commit of commits) await dependencies.log.append([commit]);
    fake.answer = () => 'Refused';
    await publish(...commits);
    take();
    fake.answer = (commit) =>
      ({ 'ledger/a@1': 'accept', 'ledger/a@2': 'defer' })[placeOf(commit)] ?? 'RefusedAgain';
    const range = { limit: 10, hasTime: () => true };
    expect(await republishParked(destination, dependencies, range)).toMatchObject({
      published: 1,
      parked: 1,
      failed: 1,
    });
    expect(take()).toEqual([
      line(5, 'there', 'ledger/a@1', 'ledger/a@2'),
      line(6, 'there', 'ledger/b@1'),
      '6 · refused {"commit":"ledger/b@1","code":"RefusedAgain"}',
      '6 fails: RefusedAgain',
      '6 · parked {"consumer":"publisher/there","subject":"ledger/b@1","version":1}',
      '5 fails: Error',
    ]);
  });
});

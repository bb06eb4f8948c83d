import { describe, expect, it } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { parentOf, recordedOtlp, type SentSpan } from '../../tracing/otlp/recorded-otlp.fixture.ts';
import { CommandHandler } from '../command-handler.ts';
import type { Commit } from '../commit.ts';
import { Destination } from '../destination.ts';
import { toItem } from '../dynamodb/commit-item.ts';
import { MemoryReadModel } from '../memory/memory-read-model.ts';
import { MemorySnapshotStore } from '../memory/memory-snapshot-store.ts';
import { type Observer, silentObserver } from '../observer.ts';
import { Projector } from '../projector.ts';
import { updatesByStream } from '../stream-updates.ts';
import { type CounterState, counter, counterEvents } from '../testing/counter.fixture.ts';
import { request } from '../testing/counter-handler.fixture.ts';
import { FakeDestination, placeOf, publisherSources } from '../testing/destinations.fixture.ts';
import { type Line, type Tally, tallyProjection } from '../testing/read-model.contract.ts';
import { traceparentIn } from '../testing/recording-observer.fixture.ts';
import { publishBatch } from './publish-batch.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };

const inserted = (commit: Commit): DynamoDBRecord => ({
  eventName: 'INSERT',
  dynamodb: {
    SequenceNumber: '1',
    Keys: { stream: { S: commit.stream }, version: { N: String(commit.version) } },
    NewImage: toItem(commit, keys) as Record<string, { S: string }>,
  },
});

/** A request, the publisher and a projector, each in an invocation of its own. */
function setUp() {
  const { tracing, sent } = recordedOtlp();
  const observer: Observer = {
    ...silentObserver,
    step: (...step) => tracing.step(...step),
    stepFor: (...step) => tracing.stepFor(...step),
    event: (...event) => tracing.event(...event),
    traceparent: () => tracing.traceparent(),
  };
  const { dependencies, effects } = publisherSources();
  const { log, parkingLot } = dependencies;
  const handler = new CommandHandler({
    ...{ log, snapshots: new MemorySnapshotStore(), events: counterEvents, decider: counter },
    ...{ answer: ({ total }: CounterState) => ({ total }), snapshotThreshold: 100, effects, observer },
  });
  const [stream, queue] = [new FakeDestination('event stream'), new FakeDestination()];
  const destinations = [
    new Destination({ name: 'event-stream', publisher: stream, effects }),
    new Destination({ name: 'todo', publisher: queue, effects }),
  ];
  const readModel = new MemoryReadModel<Tally, Line>(tallyProjection);
  const sources = { projection: tallyProjection, log, readModel, parkingLot, observer, effects };
  const projector = new Projector(sources);
  const batch = <Result>(name: string, run: () => Promise<Result>) =>
    tracing.invocation({ name, kind: 'consumer', attributes: {} }, run);
  return {
    ...{ sent, queue },
    add: (traceparent: string) =>
      tracing.invocation({ name: 'POST', kind: 'server', traceparent, attributes: {} }, () =>
        handler.handle([{ id: 'a', command: { type: 'Add', amount: 1 } }], request()),
      ),
    commits: async () => (await Array.fromAsync(log.read('counter/a'))).flat(),
    publish: (commits: readonly Commit[]) =>
      batch('publisher', () =>
        publishBatch(commits.map(inserted), { ...dependencies, observer, destinations, keys }),
      ),
    /** Projects commits as the event stream delivers them. */
    project: (commits: readonly Commit[]) =>
      batch('projector', () => {
        const received = commits.map((commit) => {
          const [, traceparent] = stream.contexts.find(([place]) => place === placeOf(commit)) ?? [];
          return { ...commit, traceparent, count: commit.events.length };
        });
        return projector.project(updatesByStream(received));
      }),
  };
}

const tree = (spans: readonly SentSpan[]) => spans.map((span) => [parentOf(span, spans), span.name]);

describe('one trace', () => {
  it('leads from a request to its projection, whatever else is in the batches', async () => {
    const { add, commits, publish, project, sent } = setUp();
    await add(traceparentIn('a'));
    await add(traceparentIn('b'));
    await publish(await commits());
    await project(await commits());
    for (const trace of ['a', 'b']) {
      const spans = sent().filter(({ traceId }) => traceId === trace.padStart(32, '0'));
      expect(tree(spans)).toEqual([
        [undefined, 'POST'],
        ['POST', 'hydrate'],
        ['POST', 'decide'],
        ['POST', 'append'],
        ['append', 'publish event-stream'],
        ['append', 'publish todo'],
        ['publish event-stream', 'project tally'],
      ]);
    }
    const [hydrated] = sent().filter(({ name, traceId }) => name === 'hydrate' && traceId.endsWith('b'));
    // The state is in memory.
    expect(hydrated?.attributes).toEqual({ 'streamfold.stream': 'counter/a', 'streamfold.events': 0 });
    const others = sent().filter(({ traceId }) => !/^0+[ab]$/.test(traceId));
    expect(tree(others)).toEqual([
      [undefined, 'publisher'],
      [undefined, 'projector'],
    ]);
    expect(others.map(({ links }) => links.length)).toEqual([2, 2]);
  });

  it('shows what waits for a destination, and a stream that is parked', async () => {
    const { add, commits, publish, project, queue, sent } = setUp();
    queue.answer = () => 'defer';
    await add(traceparentIn('a'));
    const [commit] = (await commits()) as [Commit];
    await publish([commit]);
    // In the log too.
    Object.assign(commit.events[0]?.data ?? {}, { amount: 'none' });
    await project([commit]);
    const failed = sent().filter((span) => span.failed);
    expect(failed.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
      ['publish todo', 'Error'],
      ['project tally', 'UnfoldableError'],
    ]);
    expect(failed.map((span) => span.events)).toEqual([
      [{ name: 'deferred', attributes: { commit: 'counter/a@1' } }],
      [{ name: 'parked', attributes: { consumer: 'tally', subject: 'counter/a', version: 1 } }],
    ]);
  });
});

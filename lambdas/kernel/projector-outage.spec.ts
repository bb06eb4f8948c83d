import { describe, expect, it } from '@jest/globals';
import type { KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import type { Commit } from './commit.ts';
import { EventSourcingError } from './errors.ts';
import { projectBatch } from './lambda/project-batch.ts';
import { projectMessages } from './lambda/project-messages.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemoryReadModel } from './memory/memory-read-model.ts';
import { Projector } from './projector.ts';
import { batchSources, decode, encode } from './testing/batches.fixture.ts';
import { commitAt } from './testing/commits.fixture.ts';
import type { CounterEvent } from './testing/counter.fixture.ts';
import { type Line, type Tally, tallyProjection } from './testing/read-model.contract.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

const [a1, a2, b1] = (
  [
    ['a', 1],
    ['a', 2],
    ['b', 1],
  ] as const
).map(([id, version]) =>
  commitAt(`counter/${id}`, version, 1, {
    events: [{ id: `${id}${version}`, type: 'Counter:Added', schemaVersion: 1, data: { amount: 1 } }],
  }),
) as [Commit, Commit, Commit];

type Source = 'load' | 'save' | 'read';

/** A projector whose stores throw `fault` in one call, until the fault is repaired. */
async function failing(source: Source, fault: unknown, isAffected = (_subject: string) => true) {
  let isRepaired = false;
  let calls = 0;
  const check = (subject: string) => {
    if (isRepaired || !isAffected(subject)) return;
    calls += 1;
    throw fault;
  };
  const log = new MemoryEventLog();
  for (const commit of [a1, a2, b1]) await log.append([commit]);
  const readModel = new MemoryReadModel<Tally, Line>(tallyProjection);
  const effects = simulatedEffects();
  const sources = batchSources();
  const { parkingLot, observer } = sources;
  const projector = new Projector<CounterEvent, Tally, Line>({
    projection: tallyProjection,
    log: {
      read: (stream, range) => {
        if (source === 'read') check(stream);
        return log.read(stream, range);
      },
    },
    readModel: {
      load: async (ids) => {
        if (source === 'load') for (const id of ids) check(id);
        return readModel.load(ids);
      },
      save: async (change) => {
        if (source === 'save') check(change.id);
        return readModel.save(change);
      },
    },
    parkingLot,
    observer,
    effects,
  });
  const dependencies = { ...sources, consumer: 'tally', category: 'counter', decode, projector };
  const projectors = new Map([['counter', projector]]);
  return {
    readModel,
    effects,
    calls: () => calls,
    repair: () => {
      isRepaired = true;
    },
    parked: async () => (await parkingLot.list('tally', { limit: 9 })).map(({ subject }) => subject),
    fromStream: async (commits: readonly Commit[]) =>
      (await projectBatch(commits.map(record), dependencies)).response.batchItemFailures,
    fromQueue: async (commits: readonly Commit[]) =>
      (await projectMessages(commits.map(message), { ...dependencies, projectors })).response
        .batchItemFailures,
  };
}

const record = (commit: Commit, index: number) =>
  ({
    eventID: `shardId-0:${index}`,
    kinesis: { sequenceNumber: String(index), data: Buffer.from(encode(commit)).toString('base64') },
  }) as KinesisStreamRecord;
const message = (commit: Commit, index: number) =>
  ({ messageId: String(index), body: encode(commit) }) as SQSRecord;

const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
const outages: readonly [string, unknown][] = [
  ['throttling', throttled],
  ['a timeout', Object.assign(new Error('x'), { name: 'TimeoutError' })],
  ['a 5xx', Object.assign(new Error('x'), { $metadata: { httpStatusCode: 502 } })],
  ['a connection error', Object.assign(new Error('x'), { code: 'ECONNREFUSED' })],
  ['a missing table', Object.assign(new Error('x'), { name: 'ResourceNotFoundException' })],
  ['a forbidden table', Object.assign(new Error('x'), { name: 'AccessDeniedException' })],
];

describe.each(outages)('%s', (_name, fault) => {
  it.each<Source>(['load', 'save', 'read'])(
    'of %s parks nothing, and the batch comes again',
    async (source) => {
      for (const from of ['fromStream', 'fromQueue'] as const) {
        const setup = await failing(source, fault);
        // The first commit is missing, so the log is read.
        expect(await setup[from]([a2])).toEqual([{ itemIdentifier: '0' }]);
        expect(await setup.parked()).toEqual([]);
        expect(setup.calls()).toBeGreaterThanOrEqual(5);
        setup.repair();
        expect(await setup[from]([a2])).toEqual([]);
        expect(await setup.readModel.find('a')).toMatchObject({ version: 2, row: { total: 2 } });
      }
    },
  );
});

describe('an outage of one stream', () => {
  it('does not hold the others', async () => {
    const setup = await failing('save', throttled, (id) => id === 'a');
    expect(await setup.fromStream([b1, a1, a2])).toEqual([{ itemIdentifier: '1' }]);
    expect(await setup.readModel.find('b')).toMatchObject({ version: 1 });
    expect(await setup.fromQueue([b1, a1, a2])).toEqual([{ itemIdentifier: '1' }, { itemIdentifier: '2' }]);
    expect(await setup.parked()).toEqual([]);
  });
});

describe('a fault that is not an outage', () => {
  it('parks at once if a commit of the log cannot be read', async () => {
    const setup = await failing('read', new EventSourcingError('unreadable-event', 'counter/a', 'Not JSON.'));
    expect(await setup.fromStream([a2])).toEqual([]);
    expect(await setup.parked()).toEqual(['counter/a']);
    expect([setup.calls(), setup.effects.delays.length]).toEqual([1, 0]);
  });

  it.each<Source>(['load', 'save', 'read'])(
    'of %s parks after all attempts, so that it never blocks',
    async (source) => {
      const setup = await failing(source, new TypeError('unforeseen'), (id) => id.endsWith('a'));
      expect(await setup.fromStream([a2, b1])).toEqual([]);
      expect(await setup.parked()).toEqual(['counter/a']);
      expect(setup.effects.delays).toHaveLength(4);
      expect(await setup.readModel.find('b')).toMatchObject({ version: 1 });
    },
  );
});

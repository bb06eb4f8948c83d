import { describe, expect, it } from '@jest/globals';
import type { KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import type { Commit } from '../commit.ts';
import type { Parked } from '../parking.ts';
import type { StreamUpdate } from '../stream-updates.ts';
import { batchSources, decode, encode } from '../testing/batches.fixture.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { projectBatch } from './project-batch.ts';
import { projectMessages } from './project-messages.ts';

const outage = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
const isOf = (stream: string) => (batch: readonly StreamUpdate[]) =>
  batch.some((update) => update.stream === stream);

const record = (data: string, sequence: number) =>
  ({
    eventID: `shardId-0:${sequence}`,
    kinesis: {
      sequenceNumber: String(sequence),
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: 1_767_225_600.5,
    },
  }) as KinesisStreamRecord;
const message = (body: string, sequence: number) => ({ messageId: String(sequence), body }) as SQSRecord;

/** A batch whose projector throws `fault` as soon as its streams are `poisoned`. Kept: everything that was projected. */
function setUp(fault: unknown, poisoned: (batch: readonly StreamUpdate[]) => boolean = () => false) {
  const sources = batchSources();
  const projected = new Set<string>();
  const project = async (batch: readonly StreamUpdate[]) => {
    if (poisoned(batch)) throw fault;
    for (const { stream } of batch) projected.add(stream);
    return { projected: batch.length, parked: [], failed: [] };
  };
  const projector = { name: 'counter', project };
  const dependencies = { ...sources, consumer: 'counter', category: 'counter', decode, projector };
  return {
    ...sources,
    projected,
    fromStream: async (records: readonly unknown[]) =>
      (await projectBatch(records as KinesisStreamRecord[], dependencies)).response.batchItemFailures,
    fromQueue: async (records: readonly unknown[]) => {
      const projectors = new Map([['counter', projector]]);
      const { response } = await projectMessages(records as SQSRecord[], { ...dependencies, projectors });
      return response.batchItemFailures;
    },
    parked: () => sources.parkingLot.list('counter', { limit: 99 }),
  };
}

const sources = [
  ['fromStream', record],
  ['fromQueue', message],
] as const;
const commits = (count: number) =>
  Array.from({ length: count }, (_, index) => commitAt(`counter/c${index}`, 1));
const recordsOf = (make: (data: string, sequence: number) => unknown, batch: readonly Commit[]) =>
  batch.map((commit, index) => make(encode(commit), index + 1));

const hidesItsMessage = Object.defineProperty(new Error(), 'message', {
  get: () => {
    throw new Error('no message');
  },
});
const hidesItsName = Object.defineProperty(new Error('x'), 'name', {
  get: () => {
    throw new Error('no name');
  },
});
const faults: readonly [string, unknown][] = [
  ['an error', new TypeError('unforeseen')],
  ['text', 'odd'],
  ['undefined', undefined],
  ['null', null],
  ['an object without text', Object.create(null)],
  ['an error whose message cannot be read', hidesItsMessage],
  ['an error whose name cannot be read', hidesItsName],
  ['an error with a message of a megabyte', new Error('x'.repeat(1_000_000))],
];

describe.each(sources)('a batch %s', (from, make) => {
  it.each(faults)(
    'whose projector throws %s parks the stream that causes it, and projects the others',
    async (_, fault) => {
      const setup = setUp(fault, isOf('counter/c5'));
      expect(await setup[from](recordsOf(make, commits(11)))).toEqual([]);
      expect((await setup.parked()).map(({ subject }) => subject)).toEqual(['counter/c5']);
      expect(setup.projected.size).toBe(10);
      expect(setup.counts).toEqual({ Parked: 1 });
    },
  );

  it('whose projector throws for several streams parks each of them', async () => {
    const setup = setUp(new Error('odd'), (batch) => isOf('counter/c0')(batch) || isOf('counter/c4')(batch));
    expect(await setup[from](recordsOf(make, commits(5)))).toEqual([]);
    expect((await setup.parked()).map(({ subject }) => subject)).toEqual(['counter/c0', 'counter/c4']);
    expect(setup.projected.size).toBe(3);
  });

  it('whose projector throws an outage comes again, and nothing is parked', async () => {
    const setup = setUp(outage, () => true);
    expect((await setup[from](recordsOf(make, commits(3))))[0]).toEqual({ itemIdentifier: '1' });
    expect(await setup.parked()).toEqual([]);
  });

  it('with records of any shape parks those that are none, and projects the others', async () => {
    const [good] = recordsOf(make, commits(1));
    const odd = [
      null,
      {},
      { kinesis: null },
      { kinesis: { data: 5 } },
      { body: 7, messageId: '7' },
      'text',
      good,
    ];
    const setup = setUp(undefined);
    expect(await setup[from](odd)).toEqual([]);
    expect(setup.projected).toEqual(new Set(['counter/c0']));
    expect(setup.counts['Parked']).toBe(6);
  });

  it.each([
    ['not base64, or not JSON', '$%&'],
    ['a commit without events', '{"stream":"counter/a","version":1}'],
    ['a commit whose stream is no text', '{"stream":5,"version":1,"count":1,"events":[]}'],
  ])('with a record that is %s parks it', async (_name, data) => {
    const setup = setUp(undefined);
    expect(await setup[from]([make(data, 1), ...recordsOf(make, commits(1))])).toEqual([]);
    expect(await setup.parked()).toHaveLength(1);
    expect(setup.projected.size).toBe(1);
  });

  it('parks a minimal entry if the parking lot refuses the whole one for good', async () => {
    const setup = setUp(new Error('odd'), isOf('counter/c0'));
    const refusals: Parked[] = [];
    const { park } = setup.parkingLot;
    setup.parkingLot.park = async (parked) => {
      if (parked.reason !== 'odd') return park.call(setup.parkingLot, parked);
      refusals.push(parked);
      throw Object.assign(new Error('Item size has exceeded'), { name: 'ValidationException' });
    };
    expect(await setup[from](recordsOf(make, commits(2)))).toEqual([]);
    expect(refusals).toHaveLength(1);
    expect(await setup.parked()).toMatchObject([{ subject: 'counter/c0', version: 1 }]);
  });

  it('goes on if the parking lot refuses every entry for good, and still counts it as parked', async () => {
    const setup = setUp(new Error('odd'), isOf('counter/c0'));
    setup.parkingLot.park = async () => {
      throw Object.assign(new Error('odd key'), { name: 'ValidationException' });
    };
    expect(await setup[from](recordsOf(make, commits(2)))).toEqual([]);
    expect(setup.counts).toEqual({ Parked: 1 });
    expect(setup.projected.size).toBe(1);
  });

  it('comes again from what can neither be handled nor parked in an outage', async () => {
    const setup = setUp(new Error('odd'), isOf('counter/c1'));
    setup.parkingLot.park = async () => {
      throw outage;
    };
    expect(await setup[from](recordsOf(make, commits(3)))).toEqual([{ itemIdentifier: '2' }]);
    expect(setup.projected.size).toBe(2);
    const malformed = setUp(undefined);
    malformed.parkingLot.park = setup.parkingLot.park;
    expect(await malformed[from]([...recordsOf(make, commits(1)), make('{', 2)])).toEqual([
      { itemIdentifier: '2' },
    ]);
    expect(malformed.projected.size).toBe(1);
  });
});

describe('what is parked', () => {
  it('has text that every store accepts, within the limits of an item', async () => {
    const setup = setUp(new Error(`\ud800${'😀'.repeat(700)}`), isOf('counter/c0'));
    await setup.fromStream([...recordsOf(record, commits(1)), record(`{${'😀'.repeat(60_000)}`, 2)]);
    const parked = await setup.parked();
    expect(parked).toHaveLength(2);
    for (const { reason, record: text = '' } of parked) {
      expect(reason.length).toBeLessThanOrEqual(1_000);
      expect(text.length).toBeLessThanOrEqual(100_000);
      expect([reason.isWellFormed(), text.isWellFormed()]).toEqual([true, true]);
    }
  });
});

describe('a message without an id', () => {
  it('is parked, because the queue could not be told which message failed', async () => {
    const setup = setUp(undefined);
    expect(await setup.fromQueue([{ body: encode(commitAt('counter/a', 1)) }])).toEqual([]);
    expect(await setup.parked()).toHaveLength(1);
  });

  it('fails the whole batch if it cannot be parked either', async () => {
    const setup = setUp(undefined);
    setup.parkingLot.park = async () => {
      throw outage;
    };
    await expect(setup.fromQueue([{ body: '{' }])).rejects.toThrow('without an id');
  });
});

describe('the progress of a batch that fails in part', () => {
  it('ends before the first failed record, which stays unfinished until a batch handles it', async () => {
    let isPoisoned = true;
    const setup = setUp(outage, (batch) => isPoisoned && isOf('counter/c1')(batch));
    // The outage fails the whole batch. Another batch of the shard runs at the same time.
    await setup.fromStream(recordsOf(record, commits(3)).slice(1, 2));
    await setup.fromStream([record(encode(commitAt('counter/z', 1)), 9)]);
    expect(await setup.progress.read('counter')).toMatchObject([
      { sequenceNumber: '9', unfinished: [{ sequenceNumber: '2' }] },
    ]);
    isPoisoned = false;
    await setup.fromStream(recordsOf(record, commits(3)).slice(1));
    const [noted] = await setup.progress.read('counter');
    expect(noted).toMatchObject({ sequenceNumber: '9' });
    expect(noted?.unfinished).toBeUndefined();
  });

  it('is noted although a record has no place in the stream', async () => {
    const setup = setUp(undefined);
    const [good] = recordsOf(record, commits(1));
    expect(await setup.fromStream([good, { ...(good as object), eventID: undefined }, null, {}])).toEqual([]);
    expect(await setup.progress.read('counter')).toMatchObject([{ sequenceNumber: '1' }]);
  });

  it.each([
    [
      'because of an outage lets the batch come again, so that no note stays',
      outage,
      [{ itemIdentifier: '1' }],
    ],
    ['for another reason fails nothing', new Error('odd'), []],
  ])('that cannot be noted %s', async (_name, fault, failures) => {
    const setup = setUp(undefined);
    setup.progress.noteBatch = async () => {
      throw fault;
    };
    expect(await setup.fromStream(recordsOf(record, commits(1)))).toEqual(failures);
  });
});

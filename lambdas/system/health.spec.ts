import { describe, expect, it } from '@jest/globals';
import { testApi } from '../http/testing.ts';
import type { NotedProgress, ProgressBoard, ShardProgress } from '../kernel/index.ts';
import { MemoryEventLog, MemoryParkingLot, MemoryWaitingRoom } from '../kernel/memory/index.ts';
import { commitAt } from '../kernel/testing/index.ts';
import { HeadWatchingLog } from './head-watching-log.ts';
import { healthRoute } from './health.ts';
import type { QueueDepth } from './queue-health.ts';

const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
const shard = (sequenceNumber: string, second: number, shardId = 'shard-0'): ShardProgress => ({
  shardId,
  sequenceNumber,
  committedAt: at(second),
});

function setUp(noted: Readonly<Record<string, readonly NotedProgress[]>> = {}) {
  const log = new HeadWatchingLog(new MemoryEventLog());
  const parkingLot = new MemoryParkingLot();
  const waitingRoom = new MemoryWaitingRoom();
  const warnings: string[] = [];
  const depths: Record<string, QueueDepth> = {};
  const progress: ProgressBoard = {
    note: async () => undefined,
    read: async (consumer) => [...(noted[consumer] ?? [])],
  };
  const route = healthRoute({
    log,
    progress,
    parkingLot,
    waitingRoom,
    destinationQueues: ['todo'],
    projections: [{ name: 'ledger', category: 'ledger' }],
    queueConsumers: ['todo'],
    queues: {
      depthOf: async (url) => depths[url] ?? { waiting: 0, inProgress: 0 },
      workQueues: [{ name: 'todo', url: 'todo', failuresUrl: 'todo-failures' }],
      givenUpNoticesUrl: 'notices',
    },
    warn: (message) => warnings.push(message),
  });
  const call = testApi([route]);
  return { log, parkingLot, waitingRoom, progress, depths, warnings, health: () => call('GET', '/health') };
}

describe('the health of the pipeline', () => {
  it('is ok before the first commit and if everything is handled', async () => {
    expect(await setUp().health()).toMatchObject({
      status: 200,
      body: {
        status: 'ok',
        publisher: { behindMs: 0, parked: 0 },
        projectors: [{ name: 'ledger', behindMs: 0 }],
      },
    });
    const even = { 'publisher/ledger': [shard('7', 5)], ledger: [shard('7', 5)] };
    expect(await setUp(even).health()).toMatchObject({
      body: { projectors: [{ behindMs: 0, lastCommittedAt: at(5) }] },
    });
  });

  it('shows the lag of a projector after the published commits, per shard', async () => {
    const noted = {
      'publisher/ledger': [shard('7', 5), shard('9', 8, 'shard-1')],
      ledger: [shard('7', 5), shard('8', 6, 'shard-1')],
    };
    expect(await setUp(noted).health()).toMatchObject({ body: { projectors: [{ behindMs: 2_000 }] } });
  });

  it('shows the lag of the publisher after the commits of this process', async () => {
    const { log, health } = setUp({ 'publisher/ledger': [shard('7', 5)], ledger: [shard('7', 5)] });
    await log.append([commitAt('ledger/a', 1, 1, { committedAt: at(9) })]);
    await log.append([commitAt('metrics/m', 1, 1, { committedAt: at(9) })]);
    expect(await health()).toMatchObject({
      body: { publisher: { behindMs: 4_000 }, projectors: [{ behindMs: 4_000 }] },
    });
  });

  it('counts what is parked', async () => {
    const { parkingLot, health } = setUp();
    await parkingLot.park({ consumer: 'ledger', subject: 'ledger/a', reason: 'odd' });
    await parkingLot.park({ consumer: 'todo', subject: 'message 1', reason: 'odd' });
    expect(await health()).toMatchObject({
      body: { projectors: [{ parked: 1 }], queueConsumers: [{ name: 'todo', parked: 1 }] },
    });
  });

  it('shows what waits for each destination of the publisher, and what it refused', async () => {
    const { parkingLot, waitingRoom, health } = setUp();
    const row = (destination: string, version: number) =>
      ({ destination, stream: 'ledger/a', version, committedAt: at(version), waitingSince: at(9) }) as const;
    await waitingRoom.add([row('todo', 3), row('todo', 2)]);
    await parkingLot.park({ consumer: 'publisher/event-stream', subject: 'ledger/a@1', reason: 'odd' });
    expect(await health()).toMatchObject({
      body: {
        publisher: {
          behindMs: 0,
          parked: 0,
          destinations: [
            { name: 'event-stream', waiting: 0, parked: 1 },
            { name: 'todo', waiting: 2, waitingSince: at(2), parked: 0 },
          ],
        },
        projectors: [{ behindMs: 0 }],
      },
    });
  });

  it('shows a lag while a commit waits for the event stream, although later ones are handled', async () => {
    const even = { 'publisher/ledger': [shard('7', 5)], ledger: [shard('7', 5)] };
    const { waitingRoom, health } = setUp(even);
    const waits = (stream: 'ledger/a' | 'metrics/m', version: number, second: number) =>
      waitingRoom.add([
        { destination: 'event-stream', stream, version, committedAt: at(second), waitingSince: at(9) },
      ]);
    await waits('metrics/m', 1, 1);
    expect(await health()).toMatchObject({ body: { projectors: [{ behindMs: 0 }] } });
    await waits('ledger/a', 1, 3);
    expect(await health()).toMatchObject({
      body: { publisher: { behindMs: 2_000 }, projectors: [{ behindMs: 2_000 }] },
    });
    await waits('ledger/a', 2, 8);
    expect(await health()).toMatchObject({ body: { projectors: [{ behindMs: 5_000 }] } });
  });

  it('shows a lag if more commits wait for the event stream than it counts', async () => {
    const { waitingRoom, health } = setUp();
    const rows = Array.from({ length: 101 }, (_, index) => ({
      destination: 'event-stream',
      stream: index === 100 ? ('ledger/a' as const) : ('metrics/m' as const),
      version: index + 1,
      committedAt: at(index === 100 ? 9 : 1),
      waitingSince: at(9),
    }));
    await waitingRoom.add(rows);
    expect(await health()).toMatchObject({
      body: { publisher: { destinations: [{ waiting: 100 }, {}] }, projectors: [{ behindMs: 1 }] },
    });
  });

  it('shows what waits in queues, and what was given up', async () => {
    const { depths, health } = setUp();
    depths['todo'] = { waiting: 3, inProgress: 2 };
    depths['todo-failures'] = { waiting: 4, inProgress: 1 };
    depths['notices'] = { waiting: 1, inProgress: 1 };
    expect(await health()).toMatchObject({
      status: 200,
      body: { queues: [{ name: 'todo', waiting: 3, inProgress: 2, givenUp: 5 }], givenUpBatches: 2 },
    });
  });

  it('shows the oldest commit that a batch could not handle, although newer ones are handled', async () => {
    const unfinished = [{ sequenceNumber: '3', committedAt: at(2) }];
    const noted = { 'publisher/ledger': [shard('7', 5)], ledger: [{ ...shard('7', 5), unfinished }] };
    expect(await setUp(noted).health()).toMatchObject({
      body: { projectors: [{ behindMs: 3_000, lastCommittedAt: at(5) }] },
    });
  });
});

describe('the health of a system of which a part cannot be read', () => {
  const refuse = async () => {
    throw new Error('secret host refused');
  };
  const cases: readonly [string, (setup: ReturnType<typeof setUp>) => void, object][] = [
    [
      'log',
      ({ log }) => {
        log.readCommit = refuse;
      },
      { log: { reachable: false }, projectors: [{ parked: 0 }], givenUpBatches: 0 },
    ],
    [
      'waiting',
      ({ waitingRoom }) => {
        waitingRoom.oldest = refuse;
      },
      { log: { reachable: true }, publisher: { parked: 0 }, projectors: [{ parked: 0 }], givenUpBatches: 0 },
    ],
    [
      'progress',
      ({ progress }) => {
        progress.read = refuse;
      },
      { log: { reachable: true }, queueConsumers: [{ parked: 0 }], givenUpBatches: 0 },
    ],
    [
      'parked',
      ({ parkingLot }) => {
        parkingLot.list = refuse;
      },
      { log: { reachable: true }, projectors: [{ behindMs: 0 }], queueConsumers: [{ name: 'todo' }] },
    ],
    [
      'queues',
      ({ depths }) => {
        Object.defineProperty(depths, 'todo', {
          get: () => {
            throw new Error('secret host refused');
          },
        });
      },
      { log: { reachable: true }, projectors: [{ behindMs: 0, parked: 0 }], queues: [], givenUpBatches: 0 },
    ],
  ];

  it.each(cases)('names the %s, shows the rest, and hides the reason', async (part, breakPart, rest) => {
    const setup = setUp();
    breakPart(setup);
    const answer = await setup.health();
    const [httpStatus, status] = part === 'queues' ? [200, 'degraded'] : [503, 'unavailable'];
    expect(answer).toMatchObject({ status: httpStatus, body: { status, unreachable: [part], ...rest } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(setup.warnings).toEqual([`The health check could not read a part: ${part}.`]);
  });

  it('leaves out what it cannot know', async () => {
    const setup = setUp();
    for (const [, breakPart] of cases) breakPart(setup);
    const { body } = (await setup.health()) as { body: Record<string, unknown> };
    expect(body).toEqual({
      status: 'unavailable',
      unreachable: expect.arrayContaining(['log', 'progress', 'parked', 'waiting', 'queues']),
      log: { reachable: false },
      queueConsumers: [{ name: 'todo' }],
      queues: [],
      givenUpBatches: 0,
    });
  });
});

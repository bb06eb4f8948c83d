import { describe, expect, it } from '@jest/globals';
import type { Commit } from './commit.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemoryParkingLot } from './memory/memory-parking-lot.ts';
import { MemoryReadModel } from './memory/memory-read-model.ts';
import { GenerationalProjector } from './projector.ts';
import { updatesByStream } from './stream-updates.ts';
import { commitAt } from './testing/commits.fixture.ts';
import type { CounterEvent } from './testing/counter.fixture.ts';
import { type Line, type Tally, tallyProjection } from './testing/read-model.contract.ts';
import { recordingObserver, traceparentIn } from './testing/recording-observer.fixture.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });

/** Rows that fail as often as a spec says. */
class Rows extends MemoryReadModel<Tally, Line> {
  readonly #name: string;
  readonly faults: (Error | 'stale')[] = [];
  loadFault: Error | undefined;

  constructor(name: string) {
    super(tallyProjection);
    this.#name = name;
  }

  override async generation() {
    return this.#name;
  }

  override async load(ids: readonly string[]) {
    if (this.loadFault) throw this.loadFault;
    return super.load(ids);
  }

  override async save(change: Parameters<MemoryReadModel<Tally, Line>['save']>[0]) {
    const fault = this.faults.shift();
    if (fault instanceof Error) throw fault;
    return fault ?? super.save(change);
  }
}

function setUp(...names: string[]) {
  const generations = (names.length === 0 ? ['g1'] : names).map((name) => new Rows(name));
  const [rows] = generations as [Rows, ...Rows[]];
  const parkingLot = new MemoryParkingLot();
  const log = new MemoryEventLog();
  const recording = recordingObserver();
  const projector = new GenerationalProjector<CounterEvent, Tally, Line>({
    ...{ projection: tallyProjection, log, parkingLot, effects: simulatedEffects() },
    observer: recording.observer,
    generations: async () => generations,
  });
  const project = (...commits: readonly Commit[]) =>
    projector.project(updatesByStream(commits.map((commit) => ({ ...commit, count: commit.events.length }))));
  return { project, projector, generations, rows, log, parkingLot, ...recording };
}

function added(id: string, version: number, trace?: string, amount: unknown = 1): Commit {
  const event = { id: `${id}${version}`, type: 'Counter:Added', schemaVersion: 1, data: { amount } };
  const traceparent = trace === undefined ? undefined : traceparentIn(trace);
  return commitAt(`counter/${id}`, version, 1, { events: [event], traceparent });
}

const about = (...places: string[]) =>
  places.map((place) => ({ stream: place.split('@')[0], commits: [place], consumer: 'tally' }));
const line = (number: number, ...details: object[]) => `${number} project ${JSON.stringify(details)}`;

describe('the steps of a projector', () => {
  it('are one for each stream, in the trace of its commits', async () => {
    const { project, take } = setUp();
    await project(added('a', 1, '1'), added('b', 1, '2'), added('a', 2, '1'));
    expect(take()).toEqual([
      line(1, ...about('counter/a@1', 'counter/a@2')),
      line(2, ...about('counter/b@1')),
    ]);
  });

  it('are one for each trace, if the commits of a stream are of several', async () => {
    const { project, take } = setUp();
    await project(added('a', 1, '1'), added('a', 2, '2'), added('a', 3));
    expect(take()).toEqual([1, 2, 3].map((number) => line(number, ...about(`counter/a@${number}`))));
  });

  it('name a commit that was received twice once', async () => {
    const { project, take } = setUp();
    await project(added('a', 1, '1'), added('a', 1, '1'));
    await project(added('a', 1, '1'));
    expect(take()).toEqual([line(1, ...about('counter/a@1')), line(2, ...about('counter/a@1'))]);
  });

  it('name the generation if several are written', async () => {
    const { project, take } = setUp('g1', 'g2');
    await project(added('a', 1, '1'));
    const [details] = about('counter/a@1');
    expect(take()).toEqual([
      line(1, { ...details, generation: 'g1' }),
      line(2, { ...details, generation: 'g2' }),
    ]);
  });

  it('tell each further attempt, once in each trace', async () => {
    const { project, take, rows } = setUp();
    rows.faults.push('stale', throttled);
    expect(await project(added('a', 1, '1'), added('a', 2, '2'), added('a', 3, '1'))).toMatchObject({
      projected: 1,
    });
    expect(take().slice(2)).toEqual([
      '1 · retry {"attempt":2,"reason":"stale"}',
      '2 · retry {"attempt":2,"reason":"stale"}',
      '1 · retry {"attempt":3,"reason":"ThrottlingException"}',
      '2 · retry {"attempt":3,"reason":"ThrottlingException"}',
    ]);
  });

  it('fail, and tell that the stream is parked, in each of its traces', async () => {
    const { project, take, counts, parkingLot } = setUp();
    const poisoned = [added('a', 1, '1'), added('a', 2, '2', 'no amount')];
    expect(await project(...poisoned, added('b', 1, '3'))).toMatchObject({ parked: ['counter/a'] });
    const parked = 'parked {"consumer":"tally","subject":"counter/a","version":2}';
    const lines = take();
    expect(lines.slice(0, 2)).toEqual([line(1, ...about('counter/a@1')), line(2, ...about('counter/a@2'))]);
    expect(lines.filter((text) => /^[12] (·|fails)/.test(text))).toEqual([
      '1 fails: UnfoldableError',
      '2 fails: UnfoldableError',
      `1 · ${parked}`,
      `2 · ${parked}`,
    ]);
    expect(lines.filter((text) => text.startsWith('3'))).toEqual([line(3, ...about('counter/b@1'))]);
    expect(counts).toEqual({ Parked: 1 });
    expect(await parkingLot.list('tally', { limit: 9 })).toMatchObject([{ version: 2 }]);
  });

  it('tell in the last generation that a stream is parked, with the version of the update', async () => {
    const { project, take, generations, log, parkingLot } = setUp('g1', 'g2');
    for (const version of [1, 2, 3]) await log.append([added('a', version)]);
    generations[1]?.faults.push(...Array.from({ length: 5 }, () => new Error('no')));
    expect(await project(added('a', 2, '1'))).toMatchObject({ parked: ['counter/a'] });
    expect(
      take()
        .filter((text) => !text.includes('retry'))
        .slice(2),
    ).toEqual(['2 fails: Error', '2 · parked {"consumer":"tally","subject":"counter/a","version":2}']);
    expect(await parkingLot.list('tally', { limit: 9 })).toMatchObject([{ version: 2 }]);
  });

  it('fail in an outage, also in one that lets no row be read', async () => {
    const { project, take, rows } = setUp();
    rows.faults.push(...Array.from({ length: 5 }, () => throttled));
    expect(await project(added('a', 1, '1'))).toMatchObject({ failed: ['counter/a'] });
    expect(take().at(-1)).toBe('1 fails: ThrottlingException');
    rows.loadFault = throttled;
    expect(await project(added('a', 1, '1'))).toMatchObject({ failed: ['counter/a'] });
    expect(take().slice(-2)).toEqual([line(2, ...about('counter/a@1')), '2 fails: ThrottlingException']);
  });

  it('are of no trace when a parked stream is tried again', async () => {
    const { project, projector, take } = setUp();
    await project(added('a', 1, '1', 'no amount'));
    take();
    expect(await projector.redrive(10)).toMatchObject({ parked: ['counter/a'] });
    expect(take()).toEqual([
      '2 project {"stream":"counter/a","consumer":"tally"}',
      '2 · parked {"consumer":"tally","subject":"counter/a","version":1}',
    ]);
  });
});

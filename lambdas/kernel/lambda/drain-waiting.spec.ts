import { describe, expect, it, jest } from '@jest/globals';
import type { Commit } from '../commit.ts';
import { EventSourcingError } from '../errors.ts';
import { commitAt } from '../testing/commits.fixture.ts';
import { placeOf, publisherSources } from '../testing/destinations.fixture.ts';
import { drainWaiting, portionMax, waitingMaxDays } from './drain-waiting.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString();
const always = () => true;
const dayMs = 86_400_000;

/** Commits of one stream, one second apart. */
const commitsUpTo = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    commitAt('ledger/a', index + 1, 1, { committedAt: at(index + 1) }),
  );

/** A destination, and commits in the log that wait for it. */
async function setUp(commits: readonly Commit[], eventTypes?: ReadonlySet<string>) {
  const sources = publisherSources(eventTypes);
  const { dependencies, effects, destination } = sources;
  for (const commit of commits) await dependencies.log.append([commit]);
  const add = (more: readonly Commit[]) =>
    dependencies.waitingRoom.add(
      more.map(({ stream, version, committedAt }) => {
        return { destination: 'there', stream, version, committedAt, waitingSince: effects.now() };
      }),
    );
  await add(commits);
  const drain = (hasTime = always) => drainWaiting(destination, dependencies, hasTime);
  return { ...sources, add, drain };
}

describe('draining what waits for a destination', () => {
  it('publishes it from the log, oldest first, in portions', async () => {
    const commits = commitsUpTo(2 * portionMax + 1);
    const { drain, fake, waiting, destination } = await setUp(commits);
    const { published, parked, waiting: first } = await drain();
    expect({ published, parked, first: first.length }).toEqual({
      published: commits.length,
      parked: 0,
      first: portionMax,
    });
    expect(fake.accepted).toEqual(commits.map(placeOf));
    expect(fake.attempts).toHaveLength(3);
    expect(await waiting()).toEqual([]);
    expect(destination.mayWait).toBe(false);
  });

  it('ends if its time is over, and goes on in the next run', async () => {
    const { drain, fake, waiting, destination } = await setUp(commitsUpTo(portionMax + 2));
    let portions = 1;
    expect(await drain(() => portions-- > 0)).toMatchObject({ published: portionMax });
    expect(await waiting()).toHaveLength(2);
    expect(destination.mayWait).toBe(true);
    await drain();
    expect(fake.accepted).toHaveLength(portionMax + 2);
  });

  it('goes on behind commits that the destination defers while it answers: one shard is throttled', async () => {
    const { drain, fake, waiting, destination } = await setUp(commitsUpTo(3 * portionMax));
    fake.answersAlways = true;
    fake.answer = ({ version }) => (version <= portionMax + 1 ? 'defer' : 'accept');
    expect(await drain()).toMatchObject({ published: 2 * portionMax - 1, parked: 0 });
    expect(await waiting()).toHaveLength(portionMax + 1);
    expect(destination.mayWait).toBe(true);
  });

  it('ends at the first portion that the destination does not answer', async () => {
    const { drain, fake, waiting, destination, wait, dependencies } = await setUp(
      commitsUpTo(2 * portionMax),
    );
    const oldest = jest.spyOn(dependencies.waitingRoom, 'oldest');
    fake.answer = () => 'defer';
    expect(await drain()).toMatchObject({ published: 0, parked: 0 });
    expect(oldest).toHaveBeenCalledTimes(1);
    await drain();
    // The circuit is open.
    expect(fake.attempts).toHaveLength(1);
    expect(await waiting()).toHaveLength(2 * portionMax);
    expect(destination.mayWait).toBe(true);
    wait(60_000);
    fake.answer = () => 'accept';
    await drain();
    expect(await waiting()).toEqual([]);
  });

  it('parks what the destination refuses for good, and publishes the rest', async () => {
    const { drain, fake, parked, waiting } = await setUp(commitsUpTo(3));
    fake.answer = ({ version }) => (version === 2 ? 'Refused' : 'accept');
    expect(await drain()).toMatchObject({ published: 2, parked: 1 });
    expect(await parked()).toMatchObject([{ subject: 'ledger/a@2', version: 2 }]);
    expect(await waiting()).toEqual([]);
  });

  it('keeps a refused commit waiting that cannot be parked', async () => {
    const { drain, fake, waiting, dependencies } = await setUp(commitsUpTo(1));
    fake.answer = () => 'Refused';
    dependencies.parkingLot.park = async () => {
      throw Object.assign(new Error('The table is down.'), { name: 'ServiceUnavailable' });
    };
    expect(await drain()).toMatchObject({ published: 0, parked: 0 });
    expect(await waiting()).toEqual(['ledger/a@1']);
  });

  it('parks a commit for a person that waited too long, unless the destination accepts it now', async () => {
    const { drain, fake, parked, waiting, wait } = await setUp(commitsUpTo(1));
    fake.answer = () => 'defer';
    wait(waitingMaxDays * dayMs);
    await drain();
    expect(await waiting()).toHaveLength(1);
    wait(1);
    expect(await drain()).toMatchObject({ published: 0, parked: 1 });
    expect(await parked()).toMatchObject([{ subject: 'ledger/a@1', reason: 'It waited for 14 days.' }]);
    expect(await waiting()).toEqual([]);

    const late = await setUp(commitsUpTo(1));
    late.wait(waitingMaxDays * dayMs + 1);
    expect(await late.drain()).toMatchObject({ published: 1, parked: 0 });
  });

  it('parks a commit that the log does not have, and a row that names none', async () => {
    const { drain, add, parked, waiting, fake } = await setUp(commitsUpTo(1));
    await add([commitAt('ledger/a', 7), commitAt('odd/', 1)]);
    expect(await drain()).toMatchObject({ published: 1, parked: 2 });
    expect(await parked()).toMatchObject([
      { subject: expect.stringMatching(/ odd\/@1$/), reason: 'The log has no such commit.' },
      { subject: 'ledger/a@7', version: 7, reason: 'The log has no such commit.' },
    ]);
    expect(fake.accepted).toEqual(['ledger/a@1']);
    expect(await waiting()).toEqual([]);
  });

  it.each([
    ['that cannot be read', commitAt('ledger/b', 1)],
    ['that no consumer would accept', commitAt('ledger/c', 1, 1, { committedAt: 'unpublishable' })],
  ])('publishes a commit %s without its events', async (_name, commit) => {
    const { drain, fake, dependencies } = await setUp([commit]);
    const seen: Commit[] = [];
    fake.answer = (one) => {
      seen.push(one);
      return 'accept';
    };
    const { log } = dependencies;
    const { readCommit } = log;
    log.readCommit = async (stream, version) => {
      if (stream === 'ledger/b') throw new EventSourcingError('unreadable-event', stream, 'x');
      return readCommit.call(log, stream, version);
    };
    await drain();
    expect(seen).toMatchObject([{ stream: commit.stream, version: 1, events: [] }]);
  });

  it('publishes nothing and keeps everything if the log is down', async () => {
    const { drain, fake, waiting, dependencies } = await setUp(commitsUpTo(2));
    dependencies.log.readCommit = async () => {
      throw Object.assign(new Error('x'), { name: 'ThrottlingException' });
    };
    await expect(drain()).rejects.toThrow('x');
    expect([fake.attempts.length, (await waiting()).length]).toEqual([0, 2]);
  });

  it('removes a commit whose events the queue no longer takes, without sending it', async () => {
    const { drain, fake, waiting } = await setUp(commitsUpTo(1), new Set(['Other:Happened']));
    expect(await drain()).toMatchObject({ published: 0, parked: 0 });
    expect([fake.attempts, await waiting()]).toEqual([[], []]);
  });

  it('publishes commits again if two runs overlap, and loses none', async () => {
    const { drain, fake, waiting } = await setUp(commitsUpTo(3));
    await Promise.all([drain(), drain()]);
    expect(new Set(fake.accepted).size).toBe(3);
    expect(await waiting()).toEqual([]);
  });

  it('notes the progress of late commits with the newest time of the shard', async () => {
    const { drain, dependencies } = await setUp(commitsUpTo(1));
    const { progress } = dependencies;
    await progress.note('publisher/ledger', [
      { shardId: 'shard-0', sequenceNumber: '0', committedAt: at(50) },
    ]);
    await drain();
    expect(progress.noted.at(-1)).toMatchObject({ sequenceNumber: '1', committedAt: at(50) });
  });
});

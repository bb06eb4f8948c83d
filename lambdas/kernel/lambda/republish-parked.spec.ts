import { describe, expect, it } from '@jest/globals';
import { commitAt } from '../testing/commits.fixture.ts';
import { publisherSources } from '../testing/destinations.fixture.ts';
import { republishParked } from './republish-parked.ts';

const always = () => true;

/** A destination for which the first `count` commits of a stream are parked. */
async function setUp(count: number, eventTypes?: ReadonlySet<string>) {
  const sources = publisherSources(eventTypes);
  const { dependencies, destination } = sources;
  const park = (subject: string) =>
    dependencies.parkingLot.park({ consumer: 'publisher/there', subject, reason: 'old' });
  for (let version = 1; version <= count; version += 1) {
    await dependencies.log.append([commitAt('ledger/a', version)]);
    await park(`ledger/a@${version}`);
  }
  const redrive = (limit = 1_000, hasTime = always, after?: string) =>
    republishParked(destination, dependencies, { limit, hasTime, after });
  return { ...sources, park, redrive };
}

describe('publishing parked commits again', () => {
  it('releases those that the destination accepts, however many there are', async () => {
    const { redrive, fake, parked } = await setUp(60);
    expect(await redrive()).toEqual({ destination: 'there', published: 60, parked: 0, failed: 0 });
    expect(new Set(fake.accepted).size).toBe(60);
    expect(await parked()).toEqual([]);
  });

  it('tries at most as many as it may, and none without time', async () => {
    const { redrive, parked } = await setUp(60);
    expect(await redrive(30)).toMatchObject({ published: 30 });
    expect(await redrive(30, () => false)).toMatchObject({ published: 0 });
    expect(await parked()).toHaveLength(30);
  });

  it('reaches those behind commits that stay parked, if it continues after the last one', async () => {
    const { redrive, fake, parked, dependencies } = await setUp(60);
    const all = (await parked()).map(({ subject }) => subject);
    const refused = new Set(all.slice(0, 30));
    fake.answer = ({ stream, version }) => (refused.has(`${stream}@${version}`) ? 'Refused' : 'accept');
    const first = await redrive(30);
    expect(first).toMatchObject({ published: 0, parked: 30, next: all[29] });
    const second = await redrive(10, always, first.next);
    expect(second).toMatchObject({ published: 10, next: all[39] });
    expect(await redrive(30, () => false, second.next)).toMatchObject({ published: 0, next: second.next });
    const last = await redrive(30, always, second.next);
    expect(last).toEqual({ destination: 'there', published: 20, parked: 0, failed: 0 });
    expect(await dependencies.parkingLot.list('publisher/there', { limit: 99 })).toHaveLength(30);
  });

  it('keeps those that are refused again, with the newest reason', async () => {
    const { redrive, fake, parked } = await setUp(2);
    fake.answer = ({ version }) => (version === 1 ? 'Newest' : 'accept');
    expect(await redrive()).toMatchObject({ published: 1, parked: 1 });
    expect(await parked()).toMatchObject([
      { subject: 'ledger/a@1', reason: 'The destination there refuses the commit: Newest.' },
    ]);
  });

  it('keeps those that an outage defers, and ends', async () => {
    const { redrive, fake, parked } = await setUp(60);
    fake.answer = () => 'defer';
    expect(await redrive()).toMatchObject({ published: 0, parked: 0, failed: 25 });
    expect(await parked()).toHaveLength(60);
  });

  it('keeps what the log does not have and what names no commit', async () => {
    const { redrive, park, parked } = await setUp(0);
    for (const subject of ['ledger/a@9', 'ledger/a', 'ledger/a@x', '@1']) await park(subject);
    expect(await redrive()).toMatchObject({ published: 0, parked: 4 });
    expect(await parked()).toHaveLength(4);
  });

  it('releases a commit whose events the queue no longer takes, without sending it', async () => {
    const { redrive, fake, parked } = await setUp(1, new Set(['Other:Happened']));
    expect(await redrive()).toMatchObject({ published: 0, parked: 0 });
    expect([fake.attempts, await parked()]).toEqual([[], []]);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { tenantKeyName } from '../../../../kernel/index.ts';
import { ErasingUnderTest, now } from './erasing-under-test.fixture.ts';
import { retentionMaxStreams, sendEnded } from './retention.ts';

const key = { id: 'key', wrapped: Buffer.alloc(1) };
const old = '2026-01-01T00:00:00.000Z';
const ended = { type: 'retention-ended', stream: 'dispense/d1' } as const;

let test: ErasingUnderTest;
beforeEach(() => {
  test = new ErasingUnderTest();
});

const run = (hasTime = () => true) =>
  sendEnded(
    { now, days: 30 },
    { keys: test.keys, queue: test.erasing.queue, bookmarks: test.bookmarks, hasTime },
  );
const sent = () => test.sent.map(({ message }) => 'stream' in message && message.stream);

describe('a run of the retention', () => {
  it('sends the streams whose key is too old, and no key of a tenant', async () => {
    await test.keys.create('dispense/old', { ...key, createdAt: '2026-04-01T11:59:59.999Z' });
    await test.keys.create('dispense/acme/old', { ...key, createdAt: old });
    await test.keys.create('dispense/young', { ...key, createdAt: '2026-04-01T12:00:00.000Z' });
    for (const tenant of ['default', 'acme'])
      await test.keys.create(tenantKeyName(tenant), { ...key, createdAt: old });
    expect(await run()).toBe(2);
    expect(sent()).toEqual(['dispense/acme/old', 'dispense/old']);
  });

  it('is bounded; the next one continues, and one after the end begins again', async () => {
    const names = Array.from(
      { length: retentionMaxStreams + 150 },
      (_, position) => `dispense/${position + 10_000}`,
    );
    for (const name of names) await test.keys.create(name, { ...key, createdAt: old });
    expect(await run()).toBe(retentionMaxStreams);
    expect(await run()).toBe(150);
    expect(sent()).toEqual(names);
    expect(await run(() => false)).toBe(100);
  });
});

describe('a stream whose retention has ended', () => {
  it('is erased, and its person stays', async () => {
    await test.dispenseOf('p1', 'd1', 'i1');
    await test.dispenseOf('p1', 'd2', 'i1');
    expect(await test.handle(ended, ended)).toBe(true);
    expect(await test.eventsOf('dispense/d1')).toContainEqual([
      'Dispense:Erased',
      { legalGround: 'retention-ended', at: now },
    ]);
    expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(1);
    expect(await test.keys.find('dispense/d1')).toBeUndefined();
    expect(await test.index.streamsOf('default', 'p1')).toEqual({ streams: ['dispense/d2'] });
    expect(await test.index.person('default', 'p1')).toEqual({ personId: 'p1' });
  });

  it('is erased without a person too', async () => {
    await test.dispense('d1', { type: 'Start', now });
    await test.keys.create('dispense/d1', { ...key, createdAt: old });
    expect(await test.handle(ended)).toBe(true);
    expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(1);
    expect(await test.keys.find('dispense/d1')).toBeUndefined();
  });

  it('loses its key if it was never started', async () => {
    await test.keys.create('dispense/d1', { ...key, createdAt: old });
    expect(await test.handle(ended)).toBe(true);
    expect(await test.keys.find('dispense/d1')).toBeUndefined();
    expect(await test.eventsOf('dispense/d1')).toEqual([]);
  });

  it('is kept while its person has a legal hold, by any of the ids', async () => {
    await test.dispenseOf('p2', 'd0', 'i1');
    await test.dispenseOf('p1', 'd1', 'i1');
    for (const held of ['p1', 'p2']) {
      await test.person(held, { type: 'PlaceHold', now });
      expect(await test.handle(ended)).toBe(true);
      expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(0);
      expect(await test.keys.find('dispense/d1')).toBeDefined();
      await test.person(held, { type: 'LiftHold', now });
    }
    expect(await test.handle(ended)).toBe(true);
    expect(await test.keys.find('dispense/d1')).toBeUndefined();
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { tenantKeyName } from '../../../../kernel/index.ts';
import { ErasingUnderTest, now } from './erasing-under-test.fixture.ts';
import { retentionMaxStreams, sendEnded, sendRestored } from './retention.ts';

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
    expect(await run()).toEqual({ streams: 2, finished: true });
    expect(sent()).toEqual(['dispense/acme/old', 'dispense/old']);
  });

  it('is bounded; the next one continues, and one after the end begins again', async () => {
    const names = Array.from(
      { length: retentionMaxStreams + 150 },
      (_, position) => `dispense/${position + 10_000}`,
    );
    for (const name of names) await test.keys.create(name, { ...key, createdAt: old });
    expect(await run()).toEqual({ streams: retentionMaxStreams, finished: false });
    expect(await run()).toEqual({ streams: 150, finished: true });
    expect(sent()).toEqual(names);
    expect(await run(() => false)).toEqual({ streams: 100, finished: false });
  });
});

describe('after a restore of the table of keys', () => {
  it('the keys of erased streams are destroyed again, and no others', async () => {
    await test.dispenseOf('p1', 'd1', 'i1');
    await test.dispenseOf('p2', 'd2', 'i2');
    await test.person('p1', { type: 'RequestErasure', legalGround: 'objection', now });
    await test.handle({ type: 'person', person: 'person/p1' });
    test.sent.length = 0;
    for (const name of ['dispense/d1', tenantKeyName('default')])
      await test.keys.create(name, { ...key, createdAt: old });
    const dependencies = { ...test.erasing, keys: test.keys, bookmarks: test.bookmarks };
    const later = '2026-05-02T12:00:00.000Z';
    expect(await sendRestored(later, dependencies)).toEqual({ streams: 2, finished: true });
    expect(await test.handle(...test.sent.map(({ message }) => message))).toBe(true);
    expect(await test.keys.find('dispense/d1')).toBeUndefined();
    expect(await test.keys.find('dispense/d2')).toBeDefined();
    expect(await test.keys.find(tenantKeyName('default'))).toBeDefined();
    expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(1);
  });

  it('a run without time says that it is not finished, and the next one continues', async () => {
    const names = Array.from({ length: 150 }, (_, position) => `dispense/${position + 100}`);
    for (const name of names) await test.keys.create(name, { ...key, createdAt: old });
    const dependencies = { ...test.erasing, bookmarks: test.bookmarks };
    test.timeFor = 0;
    expect(await sendRestored(now, dependencies)).toEqual({ streams: 100, finished: false });
    expect(await sendRestored(now, dependencies)).toEqual({ streams: 50, finished: true });
    expect(sent()).toEqual(names);
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
    // Whoever starts it later is found, and erased, like anybody else.
    expect(await test.index.linkOf('dispense/d1')).toBeUndefined();
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

  it('is kept if a correction has moved it from the person who has a legal hold', async () => {
    await test.dispenseOf('p1', 'd1', 'i1');
    await test.person('p1', { type: 'PlaceHold', now });
    await test.correctedTo('p3', 'd1');
    expect(await test.handle(ended)).toBe(true);
    expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(0);
    expect(await test.keys.find('dispense/d1')).toBeDefined();
    await test.person('p1', { type: 'LiftHold', now });
    expect(await test.handle(ended)).toBe(true);
    expect(await test.keys.find('dispense/d1')).toBeUndefined();
  });
});

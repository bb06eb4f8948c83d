import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryPersonIndex } from '../../index/memory-person-index.ts';
import { ErasingUnderTest, now } from './erasing-under-test.fixture.ts';

const message = { type: 'person', person: 'person/p1' } as const;
const request = { type: 'RequestErasure', legalGround: 'objection', now } as const;

let test: ErasingUnderTest;
beforeEach(() => {
  test = new ErasingUnderTest();
});

/** Two dispenses of a person who asks to be erased, and one of somebody else. */
async function prepare(): Promise<void> {
  await test.dispenseOf('p1', 'd1', 'i1');
  await test.dispenseOf('p1', 'd2', 'i1');
  await test.dispenseOf('p2', 'other', 'i2');
  await test.person('p1', request);
}

async function expectErased(): Promise<void> {
  expect(await test.eventsOf('person/p1')).toEqual([
    ['Person:ErasureRequested', { legalGround: 'objection', at: now }],
    ['Person:Erased', { streams: 2, at: now }],
  ]);
  for (const id of ['d1', 'd2']) {
    expect(await test.count(`dispense/${id}`, 'Dispense:Erased')).toBe(1);
    expect((await test.eventsOf(`dispense/${id}`)).at(-1)).toEqual([
      'Dispense:Erased',
      { legalGround: 'objection', at: now },
    ]);
    expect(await test.keys.find(`dispense/${id}`)).toBeUndefined();
    expect(await test.index.linkOf(`dispense/${id}`)).toBe('unlinked');
  }
  expect([...test.documents.keys()]).toEqual(['document of other']);
  expect(await test.index.withIdentifier({ tenant: 'default', identifierMac: 'i1' })).toEqual([]);
  expect(await test.index.streamsOf('default', 'p1')).toEqual({ streams: [] });
  // Somebody else has lost nothing.
  expect(await test.count('dispense/other', 'Dispense:Erased')).toBe(0);
  expect(await test.keys.find('dispense/other')).toBeDefined();
  expect(await test.index.withIdentifier({ tenant: 'default', identifierMac: 'i2' })).toHaveLength(1);
}

describe('the erasure of a person', () => {
  it('erases every stream, once', async () => {
    await prepare();
    expect(await test.handle(message)).toBe(true);
    await expectErased();
    expect(await test.handle(message)).toBe(true);
    await expectErased();
    expect(test.warnings).toEqual([]);
  });

  it('ends as if nothing had happened, once, after a crash at each step', async () => {
    await prepare();
    await test.handle(message);
    const steps = test.calls;
    expect(steps).toBeGreaterThan(15);
    for (let step = 1; step <= steps; step += 1) {
      test = new ErasingUnderTest();
      await prepare();
      test.crashAfter = step;
      expect([step, await test.handle(message)]).toEqual([step, false]);
      expect(await test.handle(message)).toBe(true);
      await expectErased();
    }
  });

  it('continues in another invocation when the time is over, with one stream at least in each', async () => {
    await prepare();
    test.timeFor = 0;
    expect(await test.handle(message)).toBe(true);
    expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(1);
    expect(await test.count('person/p1', 'Person:Erased')).toBe(0);
    expect(test.sent.at(-1)).toEqual({ message, delaySeconds: 0 });
    expect(await test.handle(message)).toBe(true);
    await expectErased();
  });

  it('removes what finds the person before the first stream, because that can take long', async () => {
    await prepare();
    await test.handle(message);
    const [begun, removed, unlinked] = ['begin', 'removeEntries', 'unlink'].map((name) =>
      test.called.indexOf(name),
    );
    expect([begun, removed, unlinked]).not.toContain(-1);
    expect([begun, removed, unlinked]).toEqual([begun, removed, unlinked].toSorted((a = 0, b = 0) => a - b));
  });

  it('does nothing for a person without a request', async () => {
    await test.dispenseOf('p1', 'd1', 'i1');
    await test.person('p1', { type: 'PlaceHold', now });
    expect(await test.handle(message, { type: 'person', person: 'person/nobody' })).toBe(true);
    expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(0);
    expect(await test.index.person('default', 'p1')).toEqual({ personId: 'p1' });
  });

  it('is of one tenant', async () => {
    await test.dispenseOf('p1', 'acme/d1', 'i1');
    await test.dispenseOf('p1', 'd1', 'i1');
    await test.person('acme/p1', request);
    expect(await test.handle({ type: 'person', person: 'person/acme/p1' })).toBe(true);
    expect(await test.count('dispense/acme/d1', 'Dispense:Erased')).toBe(1);
    expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(0);
    expect(await test.eventsOf('person/acme/p1')).toContainEqual(['Person:Erased', { streams: 1, at: now }]);
  });

  it('is passed on to the person that this one turned out to be', async () => {
    await test.dispenseOf('p2', 'd1', 'i1');
    await test.dispenseOf('p1', 'd2', 'i1');
    expect(await test.index.person('default', 'p1')).toEqual({ personId: 'p1', sameAs: 'p2' });
    await test.person('p1', request);
    expect(await test.handle(message)).toBe(true);
    expect(await test.eventsOf('person/p2')).toEqual([
      ['Person:ErasureRequested', { legalGround: 'objection', at: now }],
    ]);
    expect(await test.handle({ type: 'person', person: 'person/p2' })).toBe(true);
    expect((await test.eventsOf('person/p2')).at(-1)).toEqual(['Person:Erased', { streams: 2, at: now }]);
    expect((await test.eventsOf('person/p1')).at(-1)).toEqual(['Person:Erased', { streams: 0, at: now }]);
  });

  it('waits for a person if the one that this one turned out to be has a legal hold', async () => {
    await test.dispenseOf('p2', 'd1', 'i1');
    await test.dispenseOf('p1', 'd2', 'i1');
    await test.person('p2', { type: 'PlaceHold', now });
    await test.person('p1', request);
    expect(await test.handle(message)).toBe(false);
    expect(test.warnings).toHaveLength(1);
    expect(await test.count('dispense/d1', 'Dispense:Erased')).toBe(0);
    expect(await test.count('person/p1', 'Person:Erased')).toBe(0);
    await test.person('p2', { type: 'LiftHold', now });
    expect(await test.handle(message)).toBe(true);
  });

  it('keeps a stream that also has data of another person who has a legal hold, and waits for a person', async () => {
    await prepare();
    await test.dispenseOf('held', 'd0', 'i3');
    await test.person('held', { type: 'PlaceHold', now });
    await test.correctedTo('p3', 'd0');
    await test.dispenseOf('p3', 'd9');
    await test.person('p3', request);
    const ofCorrected = { type: 'person', person: 'person/p3' } as const;
    expect(await test.handle(ofCorrected)).toBe(false);
    expect(await test.count('dispense/d0', 'Dispense:Erased')).toBe(0);
    expect(await test.keys.find('dispense/d0')).toBeDefined();
    expect(await test.count('person/p3', 'Person:Erased')).toBe(0);
    // The hold does not keep what it is not about.
    expect(await test.count('dispense/d9', 'Dispense:Erased')).toBe(1);
    await test.person('held', { type: 'LiftHold', now });
    expect(await test.handle(ofCorrected)).toBe(true);
    expect((await test.eventsOf('person/p3')).at(-1)).toEqual(['Person:Erased', { streams: 2, at: now }]);
  });

  it('erases the other streams if one cannot be erased, and is then not done', async () => {
    await test.index.link({
      tenant: 'default',
      personId: 'p1',
      stream: 'a-category-without-persons/a',
      version: 1,
    });
    await prepare();
    expect(await test.handle(message)).toBe(false);
    for (const id of ['d1', 'd2']) expect(await test.count(`dispense/${id}`, 'Dispense:Erased')).toBe(1);
    expect(await test.count('person/p1', 'Person:Erased')).toBe(0);
  });

  it('is repeated in an index that was restored from a backup of before, and touches nothing else', async () => {
    await prepare();
    await test.handle(message);
    const patient = {
      personId: 'p1',
      tenant: 'default',
      entry: { tenant: 'default', identifierMac: 'i1', birthMac: 'b' },
    };
    const restored = new MemoryPersonIndex();
    // This one was corrected to another person since the backup, and so not erased.
    await test.dispenseOf('p4', 'd4');
    for (const id of ['d1', 'd2', 'd4'])
      await restored.link({ ...patient, stream: `dispense/${id}`, version: 3 });
    test.restoreIndex(restored);
    test.timeFor = 0;
    expect(await test.handle(message)).toBe(true);
    expect(test.sent.at(-1)).toEqual({ message, delaySeconds: 0 });
    expect(await test.handle(message)).toBe(true);
    expect(await restored.withIdentifier({ tenant: 'default', identifierMac: 'i1' })).toEqual([]);
    expect(await restored.person('default', 'p1')).toMatchObject({ erasedAt: now });
    expect(await restored.streamsOf('default', 'p1')).toEqual({ streams: ['dispense/d4'] });
    expect(await test.count('dispense/d4', 'Dispense:Erased')).toBe(0);
    expect(await test.count('person/p1', 'Person:Erased')).toBe(1);
    // Who comes now is a new person.
    expect(await restored.link({ ...patient, personId: 'p5', stream: 'dispense/d5', version: 2 })).toEqual({
      outcome: 'linked',
      personId: 'p5',
    });
  });
});

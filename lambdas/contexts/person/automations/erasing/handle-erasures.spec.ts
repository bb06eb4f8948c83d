import { beforeEach, describe, expect, it } from '@jest/globals';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import { ErasingUnderTest, now } from './erasing-under-test.fixture.ts';

const request = { type: 'RequestErasure', legalGround: 'objection', now } as const;
const late = { type: 'late-stream', stream: 'dispense/late', person: 'person/p1' } as const;

let test: ErasingUnderTest;
beforeEach(() => {
  test = new ErasingUnderTest();
});

/** A dispense that is linked to nobody yet. */
async function unlinkedDispense(personId: string): Promise<void> {
  const patient = { name: 'Ann', birthDate: '1980-01-01', personId, now } as const;
  await test.dispense('late', { type: 'Start', now }, { type: 'AddPatient', ...patient });
}

describe('the queue of erasures', () => {
  it('takes what the publisher sends', async () => {
    await test.dispenseOf('p1', 'd1');
    await test.person('p1', request);
    const [commit] = (await Array.fromAsync(test.log.read('person/p1'))).flat();
    const [other] = (await Array.fromAsync(test.log.read('dispense/d1'))).flat();
    if (commit === undefined || other === undefined) throw new Error('There is no commit.');
    expect(await test.handle(encodeCommit(commit), encodeCommit(other))).toBe(true);
    expect(await test.count('person/p1', 'Person:Erased')).toBe(1);
  });

  it.each([
    ['no JSON', 'x'],
    ['an unknown type', '{"type":"all"}'],
    ['no stream', '{"type":"retention-ended","stream":"Tenant/default"}'],
    ['a person of another category', '{"type":"person","person":"dispense/p1"}'],
    ['no commit', '{"category":"person","events":[]}'],
    ['a category without persons', '{"type":"retention-ended","stream":"metrics/m1"}'],
  ])('keeps a message with %s, and handles the others', async (_, body) => {
    await test.dispenseOf('p1', 'd1');
    await test.person('p1', request);
    expect(await test.handle(body, { type: 'person', person: 'person/p1' })).toBe(false);
    expect(test.warnings).toHaveLength(1);
    expect(await test.count('person/p1', 'Person:Erased')).toBe(1);
  });
});

describe('a stream that names an erased person', () => {
  it('is erased for the same reason, once', async () => {
    await unlinkedDispense('p1');
    await test.person('p1', request);
    expect(await test.handle(late, late)).toBe(true);
    expect(await test.eventsOf('dispense/late')).toContainEqual([
      'Dispense:Erased',
      { legalGround: 'objection', at: now },
    ]);
    expect(await test.count('dispense/late', 'Dispense:Erased')).toBe(1);
  });

  it('is erased, once, after a crash at each step', async () => {
    const steps = ['linkOf', 'person', 'erase', 'destroy', 'unlink'].length;
    for (let step = 1; step <= steps; step += 1) {
      test = new ErasingUnderTest();
      await unlinkedDispense('p1');
      await test.person('p1', request);
      test.crashAfter = step;
      expect([step, await test.handle(late)]).toEqual([step, false]);
      expect(await test.handle(late)).toBe(true);
      expect(await test.count('dispense/late', 'Dispense:Erased')).toBe(1);
      expect(await test.index.linkOf('dispense/late')).toBe('unlinked');
    }
  });

  it('stays if it names somebody else by now', async () => {
    await unlinkedDispense('p2');
    await test.person('p1', request);
    expect(await test.handle(late)).toBe(true);
    expect(await test.count('dispense/late', 'Dispense:Erased')).toBe(0);
  });

  it('stays if nobody requested the erasure', async () => {
    await unlinkedDispense('p1');
    expect(await test.handle(late)).toBe(false);
    expect(await test.count('dispense/late', 'Dispense:Erased')).toBe(0);
  });
});

describe('a copy of a document that was made during the erasure', () => {
  const copies = { type: 'again', stream: 'dispense/d1' } as const;

  it('is deleted later', async () => {
    await test.dispenseOf('p1', 'd1');
    await test.person('p1', request);
    await test.handle({ type: 'person', person: 'person/p1' });
    expect(test.sent).toEqual([{ message: copies, delaySeconds: 300 }]);
    test.documents.set('document of d1', 1);
    expect(await test.handle(copies)).toBe(true);
    expect(test.documents.size).toBe(0);
  });

  it('is never one of a stream that is not erased', async () => {
    await test.dispenseOf('p1', 'd1');
    expect(await test.handle(copies)).toBe(true);
    expect(test.documents.size).toBe(1);
    expect(await test.keys.find('dispense/d1')).toBeDefined();
    expect(await test.index.linkOf('dispense/d1')).toEqual({ personId: 'p1' });
  });
});

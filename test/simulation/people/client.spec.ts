import { describe, expect, it } from '@jest/globals';
import type { CommandAnswer } from '../history.ts';
import type { Act } from '../plan.ts';
import { broken, carryOut, ended, type FakeAnswer } from './fake-world.fixture.ts';

const credit: Extract<Act, { kind: 'command' }> = {
  kind: 'command',
  atMs: 1_000,
  who: 'Ann',
  command: { context: 'ledger', do: 'credit', id: 'acc-3', amount: '5' },
  key: 'k17',
  attempts: 4,
  patienceMs: 2_000,
};
const { key: _, ...withoutKey } = credit;

const changed: CommandAnswer = {
  outcome: 'changed',
  repeated: false,
  version: 4,
  created: false,
  body: { balance: '12.50' },
};
const told = (answer: CommandAnswer) => ended({ answer, commandId: 'own id' });
/** One answer after the other; the last one again and again. */
const inTurn = (answers: readonly FakeAnswer[]) => {
  let count = 0;
  return () => {
    count += 1;
    return answers[Math.min(count, answers.length) - 1] ?? 'never';
  };
};

describe('a client', () => {
  it('sends a command and notes the answer', async () => {
    const { operations, calls, trace } = await carryOut([credit], inTurn([told(changed)]));
    expect(calls).toEqual([
      { atMs: 1_000, name: 'api', event: { kind: 'command', command: credit.command, key: 'k17' } },
    ]);
    expect(operations).toMatchObject([
      { who: 'Ann', key: 'k17', commandId: 'id of k17', attempts: [{ answer: changed }] },
    ]);
    expect(trace.map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
      '1.000s Ann credits 5 to acc-3 (key k17)',
      '1.010s Ann is told: version 4, balance 12.50 (key k17)',
    ]);
  });

  it.each<[string, FakeAnswer]>([
    ['no answer', broken('the instance was killed')],
    ['an invocation that never ends', 'never'],
    ['contention', told({ outcome: 'failed', code: 'contention' })],
    ['an unknown outcome', told({ outcome: 'failed', code: 'unknown-outcome' })],
  ])('tries again with the same key after %s', async (__, first) => {
    const { operations, calls, startMs } = await carryOut([credit], inTurn([first, told(changed)]));
    expect(calls.map(({ event }) => event['key'])).toEqual(['k17', 'k17']);
    const [operation] = operations;
    expect(operation?.attempts).toHaveLength(2);
    const [one, two] = operation?.attempts ?? [];
    expect(one?.sentMs).toBe(startMs + 1_000);
    expect(one?.endedMs).toBe(startMs + (first === 'never' ? 3_000 : 1_010));
    expect(two?.sentMs).toBeGreaterThan(one?.endedMs ?? 0);
    expect(two?.answer).toEqual(changed);
  });

  it('notes what it gave up as unanswered', async () => {
    const { operations, trace } = await carryOut([credit], inTurn(['never']));
    const attempts = operations[0]?.attempts ?? [];
    expect(attempts.map(({ answer }) => answer)).toEqual(
      Array.from({ length: 4 }, () => ({ outcome: 'unanswered', reason: 'gave up waiting' })),
    );
    expect(trace.filter((line) => line.includes('gives up waiting (key k17)'))).toHaveLength(4);
  });

  it.each<[string, CommandAnswer]>([
    ['a refusal', { outcome: 'refused', code: 'ledger/closed' }],
    ['a failure that stays', { outcome: 'failed', code: 'idempotency-key-reused' }],
  ])('does not repeat after %s', async (__, answer) => {
    const { calls } = await carryOut([credit], inTurn([told(answer)]));
    expect(calls).toHaveLength(1);
  });

  it('makes one attempt without a key, and learns its id from the answer, also from a late one', async () => {
    const { operations } = await carryOut([withoutKey], inTurn([told(changed)]));
    expect(operations).toMatchObject([{ commandId: 'own id' }]);
    const late = await carryOut(
      [withoutKey, { ...credit, atMs: 9_000 }],
      inTurn([
        { afterMs: 2_500, end: { ok: true, result: { answer: changed, commandId: 'late' } } },
        told(changed),
      ]),
    );
    expect(late.calls).toHaveLength(2);
    expect(late.operations[0]).toMatchObject({
      commandId: 'late',
      attempts: [{ answer: { outcome: 'unanswered' } }],
    });
    const lost = await carryOut([withoutKey], inTurn([broken('killed')]));
    expect(lost.calls).toHaveLength(1);
    expect(lost.operations[0]).not.toHaveProperty('commandId');
  });

  it('sends an earlier command again, as an attempt of the same operation', async () => {
    const again = { kind: 'again', atMs: 60_000, who: 'Ann', act: 0 } as const;
    const { operations, calls } = await carryOut([credit, again], inTurn([told(changed)]));
    expect(calls.map(({ atMs, event }) => [atMs, event['key']])).toEqual([
      [1_000, 'k17'],
      [60_000, 'k17'],
    ]);
    expect(operations).toHaveLength(1);
    expect(operations[0]?.attempts).toHaveLength(2);
  });

  it('names the operation whose key it misuses', async () => {
    const acts: Act[] = [
      { ...credit, atMs: 500, key: 'k16' },
      credit,
      { ...credit, atMs: 5_000, misusesKeyOf: 1, command: { ...credit.command, id: 'acc-4' } as never },
    ];
    const { operations } = await carryOut(acts, inTurn([told(changed)]));
    expect(operations.map(({ key, misusesKeyOf }) => [key, misusesKeyOf])).toEqual([
      ['k16', undefined],
      ['k17', undefined],
      ['k17', 1],
    ]);
  });

  it('does the same with the same seed', async () => {
    const answers = [broken('killed'), told({ outcome: 'failed', code: 'contention' }), told(changed)];
    const traceOf = async (seed: number) => (await carryOut([credit], inTurn(answers), { seed })).trace;
    expect(await traceOf(5)).toEqual(await traceOf(5));
    expect(await traceOf(5)).not.toEqual(await traceOf(6));
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Act } from '../plan.ts';
import { broken, carryOut, ended, type FakeCall } from './fake-world.fixture.ts';

const open: Act = {
  kind: 'command',
  atMs: 0,
  who: 'Ben',
  command: { context: 'ledger', do: 'transfer', id: 'acc-1', to: 'acc-2', amount: '1' },
  attempts: 1,
  patienceMs: 1_000,
};
const ask: Act = { kind: 'ask-past', atMs: 30_000, who: 'Cleo', agoMs: 5_000, laterMs: 20_000 };
const refused = ended({ answer: { outcome: 'refused', code: 'ledger/not-found' }, commandId: 'x' });

/** Answers about the past; others are refused. acc-2 does not exist. */
const past = ({ event }: FakeCall) => {
  if (event['kind'] !== 'past') return refused;
  return ended({ found: event['id'] === 'acc-1' ? { version: 3, row: { balance: '1.00' } } : undefined });
};

describe('a reader', () => {
  it('notes a row, after questions that were not answered', async () => {
    let count = 0;
    const read: Act = { kind: 'read', atMs: 100, who: 'Dan', context: 'ledger', id: 'acc-1', isFresh: true };
    const found = { version: 2, row: { balance: '5' } };
    const { reads, startMs, calls } = await carryOut([read], () => {
      count += 1;
      return count < 3 ? broken('killed') : ended({ found });
    });
    expect(reads).toEqual([
      {
        ...{ context: 'ledger', id: 'acc-1', isFresh: true, found },
        askedMs: startMs + (calls[2]?.atMs ?? 0),
        answeredMs: startMs + (calls[2]?.atMs ?? 0) + 10,
      },
    ]);
  });

  it('gives a question up in the end, and notes nothing', async () => {
    const { pasts, calls, isDone } = await carryOut([open, ask], () => broken('killed'));
    expect(pasts).toEqual([]);
    expect(isDone).toBe(true);
    expect(calls.length).toBe(1 + 2 * 2 * 5);
  });

  it('asks about all accounts at one instant, and later about the same instant and the found versions', async () => {
    const { pasts, startMs } = await carryOut([open, ask], past);
    const at = new Date(startMs + 25_000).toISOString();
    expect(pasts.map(({ id, point, found }) => [id, point, found?.version])).toEqual([
      ['acc-1', { at }, 3],
      ['acc-2', { at }, undefined],
      ['acc-1', { at }, 3],
      ['acc-2', { at }, undefined],
      ['acc-1', { version: 3 }, 3],
    ]);
    expect((pasts[2]?.askedMs ?? 0) - (pasts[0]?.answeredMs ?? 0)).toBe(20_000);
  });
});

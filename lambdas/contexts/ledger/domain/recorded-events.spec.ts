import { describe, expect, it } from '@jest/globals';
import { upcast } from '../../../kernel/upcasting.ts';
import { ledger } from './account.ts';
import { type LedgerEvent, ledgerSchemas } from './events.ts';
import { recordedStreams } from './recorded-events.fixture.ts';

/**
 * What the recorded streams fold to, by `stateVersion`. Snapshots keep such states: when `evolve` comes to produce
 * another one, raise `stateVersion` in the decider and add what it produces now; entries are never edited.
 */
const statesByVersion: Readonly<Record<number, Readonly<Record<string, unknown>>>> = {
  1: {
    'an account with every kind of entry': {
      status: 'open',
      currency: 'USD',
      balance: -300,
      overdraftLimit: 5_000,
    },
    'an account without a name, closed': { status: 'closed', currency: 'JPY' },
  },
};

describe('events recorded by every version of the ledger', () => {
  it.each(Object.entries(recordedStreams))('%s folds to the state that snapshots hold', (name, events) => {
    const state = events.reduce(
      (before, event) =>
        ledger.evolve(before, upcast(ledgerSchemas, 'ledger/recorded', event) as unknown as LedgerEvent),
      ledger.initialState,
    );
    expect(state).toStrictEqual(statesByVersion[ledger.stateVersion]?.[name]);
  });

  it('cover every event type in every schema version', () => {
    const recorded = new Set(
      Object.values(recordedStreams).flatMap((events) =>
        events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`),
      ),
    );
    const written = Object.entries(ledgerSchemas).flatMap(([type, upcasters]) =>
      Array.from(
        { length: (upcasters as readonly unknown[]).length + 1 },
        (_, index) => `${type} ${index + 1}`,
      ),
    );
    expect([...recorded].sort()).toEqual(written.sort());
  });
});

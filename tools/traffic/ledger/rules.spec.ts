import { describe, expect, it } from '@jest/globals';
import { Aggregate } from '../aggregate.ts';
import { ledgerModel } from './model.ts';
import { plannedAccount } from './plans.ts';
import {
  type AccountState,
  decide,
  evolve,
  type LedgerCommand,
  type LedgerTypes,
  toDecimal,
} from './rules.ts';

const absent = plannedAccount(0).state;
const open: AccountState = { ...absent, version: 3, status: 'open', balance: 1_000, overdraftLimit: 200 };
const transfer = { kind: 'transfer-sent', amount: 100, counterparty: 'b', currency: 'USD' } as const;

describe('the rules of the ledger', () => {
  it.each<[string, AccountState, LedgerCommand, number, string]>([
    ['a first credit opens with an event of its own', absent, { kind: 'credit', amount: 5 }, 2, '0.05'],
    ['an opening by request', absent, { kind: 'open' }, 1, '0.00'],
    ['a debit down to the limit', open, { kind: 'debit', amount: 1_200 }, 4, '-2.00'],
    ['a transfer', open, transfer, 4, '9.00'],
  ])('accept %s', (_what, state, command, version, balance) => {
    const created = state.version === 0;
    expect(decide(state, command)).toMatchObject({ reply: { version, created, result: { balance } } });
  });

  it.each<[string, AccountState, LedgerCommand]>([
    ['ledger/closed', { ...open, status: 'closed' }, { kind: 'credit', amount: 1 }],
    ['ledger/not-found', absent, { kind: 'debit', amount: 1 }],
    ['ledger/insufficient-funds', open, { kind: 'debit', amount: 1_201 }],
    ['ledger/currency-mismatch', open, { ...transfer, currency: 'JPY' }],
  ])('refuse with %s', (refused, state, command) => {
    expect(decide(state, command)).toEqual({ refused });
  });

  it('fold commands to the same balance and version in any order', () => {
    const commands: LedgerCommand[] = [{ kind: 'credit', amount: 5 }, transfer, { kind: 'debit', amount: 7 }];
    const fold = (order: LedgerCommand[]) => order.reduce((state, one) => evolve(state, one, false), open);
    expect(fold(commands)).toEqual(fold(commands.toReversed()));
  });

  it.each([
    [1_850, 'USD', '18.50'],
    [-1, 'EUR', '-0.01'],
    [0, 'EUR', '0.00'],
    [5, 'JPY', '5'],
    [1_234_567, 'BHD', '1234.567'],
    [10 ** 13, 'BHD', '10000000000.000'],
  ] as const)('write %i %s as %s', (minorUnits, currency, text) => {
    expect(toDecimal(minorUnits, currency)).toBe(text);
  });
});

describe('transfers received', () => {
  const received = (counterparty: string) =>
    ({ ...transfer, kind: 'transfer-received', counterparty }) as const;
  const entry = (version: number, counterparty: string) => ({ version, counterparty, amount: '1.00' });

  /** Opened at version 1, credited at 3; b and c have sent something. */
  function versionsBy(...entries: { version: number }[]) {
    const account = new Aggregate<LedgerTypes>('a', 0, absent);
    account.state = { ...open, version: 4 };
    const now = { earliestMs: 0, latestMs: 0 };
    account.done.push({ command: { kind: 'open' }, version: 1, now });
    account.done.push({ command: { kind: 'credit', amount: 1 }, version: 3, now });
    account.received.push(received('b'), received('c'));
    const done = ledgerModel(8).resolve?.(account, entries) ?? [];
    return done.flatMap(({ command, version }) =>
      'counterparty' in command ? [[command.counterparty, version]] : [],
    );
  }

  it('get the versions that the statement shows', () => {
    expect(versionsBy(entry(4, 'b'), entry(2, 'c'))).toEqual([
      ['c', 2],
      ['b', 4],
    ]);
  });

  it('get a free version if the statement does not show them', () => {
    expect(versionsBy()).toEqual([
      ['b', 2],
      ['c', 4],
    ]);
  });
});

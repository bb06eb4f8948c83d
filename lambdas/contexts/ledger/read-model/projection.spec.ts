import { describe, expect, it } from '@jest/globals';
import { foldCommits, versionKey } from '../../../kernel/index.ts';
import { commitAt } from '../../../kernel/testing/index.ts';
import { recordedStreams } from '../domain/recorded-events.fixture.ts';
import { ledgerProjection } from './projection.ts';

const events = recordedStreams['an account with every kind of entry'] ?? [];
const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;

describe('the ledger projection', () => {
  it('folds an account and its statement', () => {
    const commits = [
      commitAt('ledger/a', 1, 1, { events: events.slice(0, 2), committedAt: at(1) }),
      commitAt('ledger/a', 3, 1, { events: events.slice(2), committedAt: at(2) }),
    ];
    expect(foldCommits(ledgerProjection, undefined, commits)).toMatchObject({
      version: 5,
      row: {
        id: 'a',
        currency: 'USD',
        name: 'Household',
        overdraftLimit: 5_000,
        balance: -300,
        status: 'open',
        openedAt: at(1),
        updatedAt: at(2),
      },
      lines: [
        {
          key: versionKey(2),
          version: 2,
          line: { version: 2, kind: 'credit', amount: 3_400, balance: 3_400, at: at(1) },
        },
        {
          key: versionKey(3),
          version: 3,
          line: { version: 3, kind: 'debit', amount: 1_850, balance: 1_550, at: at(2) },
        },
        {
          key: versionKey(4),
          version: 4,
          line: {
            version: 4,
            kind: 'transfer-sent',
            amount: 2_000,
            balance: -450,
            at: at(2),
            counterparty: 'b',
            transferId: 't1',
          },
        },
        {
          key: versionKey(5),
          version: 5,
          line: {
            version: 5,
            kind: 'transfer-received',
            amount: 150,
            balance: -300,
            at: at(2),
            counterparty: 'b',
            transferId: 't2',
          },
        },
      ],
    });
  });

  it('marks a closed account', () => {
    const closed = commitAt('ledger/a', 1, 1, {
      events: recordedStreams['an account without a name, closed'] ?? [],
    });
    expect(foldCommits(ledgerProjection, undefined, [closed])?.row).toMatchObject({
      status: 'closed',
      balance: 0,
    });
  });

  it('refuses a stream without its first event', () => {
    const torn = commitAt('ledger/a', 1, 1, { events: events.slice(1) });
    expect(() => foldCommits(ledgerProjection, undefined, [torn])).toThrow(
      'does not begin with Ledger:Opened',
    );
  });
});

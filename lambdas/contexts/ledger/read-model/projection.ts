import type { ListOf } from '../../../../schema/contexts.ts';
import {
  idOfStream,
  type Projected,
  type Projection,
  type RecordedEvent,
  versionKey,
} from '../../../kernel/index.ts';
import { amountIn, type LedgerEvent, ledgerEvents } from '../domain/events.ts';

/** An account as queries see it. Amounts in minor units of the currency. */
export interface AccountRow {
  readonly id: string;
  readonly currency: string;
  readonly name?: string | undefined;
  readonly overdraftLimit: number;
  readonly balance: number;
  readonly status: 'open' | 'closed';
  readonly openedAt: string;
  /** When the last event was committed. */
  readonly updatedAt: string;
}

/** A line of the statement. Amounts in minor units. */
export interface Entry {
  /** Of the event that it comes from. */
  readonly version: number;
  readonly kind: 'credit' | 'debit' | 'transfer-sent' | 'transfer-received';
  /** Positive, whatever the kind. */
  readonly amount: number;
  /** The account's balance after this entry. */
  readonly balance: number;
  readonly at: string;
  /** The other account of a transfer. */
  readonly counterparty?: string;
  readonly transferId?: string;
}

export const ledgerProjection = {
  name: 'ledger',
  category: 'ledger',
  events: ledgerEvents,
  project: (row, event) => {
    if (event.type === 'Ledger:Opened') return { row: opened(event) };
    if (row === undefined) throw new Error(`${event.stream} does not begin with Ledger:Opened.`);
    return projectOpen(row, event);
  },
  listKeys: ({ openedAt, id }) => ({ byOpening: `${openedAt}#${id}` }),
} satisfies Projection<LedgerEvent, AccountRow, Entry, ListOf<'ledger'>>;

function opened(event: RecordedEvent & Extract<LedgerEvent, { type: 'Ledger:Opened' }>): AccountRow {
  const { stream, committedAt, data } = event;
  return {
    id: idOfStream(stream),
    currency: data.currency,
    name: data.name,
    overdraftLimit: data.overdraftLimit,
    balance: 0,
    status: 'open',
    openedAt: committedAt,
    updatedAt: committedAt,
  };
}

function projectOpen(
  row: AccountRow,
  event: RecordedEvent & Exclude<LedgerEvent, { type: 'Ledger:Opened' }>,
): Projected<AccountRow, Entry> {
  switch (event.type) {
    case 'Ledger:Credited':
      return entered(row, event, { kind: 'credit', amount: amountIn(event.data) });
    case 'Ledger:Debited':
      return entered(row, event, { kind: 'debit', amount: amountIn(event.data) });
    case 'Ledger:TransferSent': {
      const { to, transferId } = event.data;
      const amount = amountIn(event.data);
      return entered(row, event, { kind: 'transfer-sent', amount, counterparty: to, transferId });
    }
    case 'Ledger:TransferReceived': {
      const { from, transferId } = event.data;
      const amount = amountIn(event.data);
      return entered(row, event, { kind: 'transfer-received', amount, counterparty: from, transferId });
    }
    case 'Ledger:Closed':
      return { row: { ...row, status: 'closed', updatedAt: event.committedAt } };
    default: {
      const unknown: never = event;
      throw new TypeError(`Not a ledger event: ${JSON.stringify(unknown)}`);
    }
  }
}

function entered(
  row: AccountRow,
  { committedAt: at, version }: RecordedEvent,
  entry: Omit<Entry, 'version' | 'balance' | 'at'>,
): Projected<AccountRow, Entry> {
  const isIncoming = entry.kind === 'credit' || entry.kind === 'transfer-received';
  const balance = row.balance + (isIncoming ? entry.amount : -entry.amount);
  return {
    row: { ...row, balance, updatedAt: at },
    line: { key: versionKey(version), line: { version, ...entry, balance, at } },
  };
}

export default ledgerProjection;

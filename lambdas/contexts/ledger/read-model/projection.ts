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

/** A line of the statement; the API calls it an entry. Amounts in minor units. */
export interface StatementLine {
  /** Version of the line's event. */
  readonly version: number;
  readonly kind: 'credit' | 'debit' | 'transfer-sent' | 'transfer-received';
  /** Positive for every kind. */
  readonly amount: number;
  /** The account's balance after this line. */
  readonly balance: number;
  readonly at: string;
  /** Id of the other account of a transfer. */
  readonly counterparty?: string;
  readonly transferId?: string;
}

/** The read model of accounts and their statements. */
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
} satisfies Projection<LedgerEvent, AccountRow, StatementLine, ListOf<'ledger'>>;

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
): Projected<AccountRow, StatementLine> {
  switch (event.type) {
    case 'Ledger:Credited':
      return withLine(row, event, { kind: 'credit', amount: amountIn(event.data) });
    case 'Ledger:Debited':
      return withLine(row, event, { kind: 'debit', amount: amountIn(event.data) });
    case 'Ledger:TransferSent': {
      const { to, transferId } = event.data;
      const amount = amountIn(event.data);
      return withLine(row, event, { kind: 'transfer-sent', amount, counterparty: to, transferId });
    }
    case 'Ledger:TransferReceived': {
      const { from, transferId } = event.data;
      const amount = amountIn(event.data);
      return withLine(row, event, { kind: 'transfer-received', amount, counterparty: from, transferId });
    }
    case 'Ledger:Closed':
      return { row: { ...row, status: 'closed', updatedAt: event.committedAt } };
    default: {
      const unknown: never = event;
      throw new TypeError(`Not a ledger event: ${JSON.stringify(unknown)}`);
    }
  }
}

function withLine(
  row: AccountRow,
  { committedAt: at, version }: RecordedEvent,
  movement: Omit<StatementLine, 'version' | 'balance' | 'at'>,
): Projected<AccountRow, StatementLine> {
  const isIncoming = movement.kind === 'credit' || movement.kind === 'transfer-received';
  const balance = row.balance + (isIncoming ? movement.amount : -movement.amount);
  return {
    row: { ...row, balance, updatedAt: at },
    line: { key: versionKey(version), line: { version, ...movement, balance, at } },
  };
}

export default ledgerProjection;

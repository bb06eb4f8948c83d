import type { PersonCommand } from '../../history.ts';
import { decimalOf, maxBalance, minorUnits } from './money.ts';
import {
  type Decided,
  type ExpectedEvent,
  type ExpectedLine,
  ok,
  type Permitted,
  type PlacedEvent,
  paddedVersion,
  type Rules,
  refused,
} from './rules.ts';

/** An account. Amounts in minor units of its currency. */
export interface Account {
  readonly status: 'absent' | 'open' | 'closed';
  readonly currency: string;
  readonly balance: number;
  readonly overdraftLimit: number;
  /** How often somebody paid in. Only newer code counts it. */
  readonly credits: number;
  readonly openedAt: string;
  readonly updatedAt: string;
}

type LedgerCommand = Extract<PersonCommand, { context: 'ledger' }>;

const absent: Account = {
  status: 'absent',
  currency: 'USD',
  balance: 0,
  overdraftLimit: 0,
  credits: 0,
  openedAt: '',
  updatedAt: '',
};

/** By event type: its kind in the statement, and whether money comes in. */
const movements: Readonly<Record<string, { readonly kind: string; readonly sign: 1 | -1 }>> = {
  'Ledger:Credited': { kind: 'credit', sign: 1 },
  'Ledger:Debited': { kind: 'debit', sign: -1 },
  'Ledger:TransferSent': { kind: 'transfer-sent', sign: -1 },
  'Ledger:TransferReceived': { kind: 'transfer-received', sign: 1 },
};

/** The change of the balance by an event, in minor units. */
export function changeBy({ type, data }: Pick<PlacedEvent, 'type' | 'data'>): number {
  const movement = movements[type];
  return movement === undefined ? 0 : movement.sign * Number(data['amount']);
}

export const ledgerRules: Rules<Account> = {
  initial: absent,
  evolve: (account, event) => {
    const { committedAt, data, type } = event;
    if (type === 'Ledger:Opened') {
      const [currency, overdraftLimit] = [String(data['currency']), Number(data['overdraftLimit'])];
      return {
        status: 'open',
        currency,
        overdraftLimit,
        balance: 0,
        credits: 0,
        openedAt: committedAt,
        updatedAt: committedAt,
      };
    }
    const status = type === 'Ledger:Closed' ? 'closed' : account.status;
    const credits = account.credits + (type === 'Ledger:Credited' ? 1 : 0);
    const balance = account.balance + changeBy(event);
    return { ...account, status, balance, credits, updatedAt: committedAt };
  },
  decide: ([account = absent, receiver], command) =>
    command.context === 'ledger' ? decide(account, receiver, command) : refused('not-the-ledger'),
  answer: ({ balance, currency }) => ({ balance: money(balance, currency), currency: [currency] }),
  row: ({ status, currency, balance, overdraftLimit, openedAt, updatedAt }): Permitted => ({
    status: [status],
    currency: [currency],
    balance: money(balance, currency),
    overdraftLimit: money(overdraftLimit, currency),
    openedAt: [openedAt],
    updatedAt: [updatedAt],
  }),
  line: lineOf,
  reactionProblem: () => 'No automation writes to accounts.',
};

/** In minor units, as rows are stored, or as a decimal, as the API shows it. */
function money(units: number, currency: string): readonly unknown[] {
  return [units, decimalOf(units, currency)];
}

function decide(account: Account, receiver: Account | undefined, command: LedgerCommand): Decided {
  if (command.do === 'transfer' && command.to === command.id) return refused('ledger/same-account');
  if (command.do === 'open') return open(account, command);
  if (command.do === 'credit' && account.status === 'absent') return firstCredit(command.amount);
  if (account.status === 'absent') return refused('ledger/not-found');
  if (account.status === 'closed') return refused('ledger/closed');
  if (command.do === 'close') {
    return account.balance === 0
      ? ok([{ type: 'Ledger:Closed', data: {} }])
      : refused('ledger/balance-not-zero');
  }
  const amount = minorUnits(command.amount, account.currency);
  if (typeof amount === 'string') return refused(amount);
  if (command.do === 'credit') return into(account, amount, [{ type: 'Ledger:Credited', data: { amount } }]);
  if (account.balance - amount < -account.overdraftLimit) return refused('ledger/insufficient-funds');
  if (command.do !== 'transfer') return ok([{ type: 'Ledger:Debited', data: { amount } }]);
  return transfer(account, receiver ?? absent, command, amount);
}

function open(account: Account, command: Extract<LedgerCommand, { do: 'open' }>): Decided {
  if (account.status !== 'absent') return refused('ledger/already-open');
  const { currency } = command;
  const overdraftLimit = minorUnits(command.overdraftLimit, currency);
  if (typeof overdraftLimit === 'string') return refused(overdraftLimit);
  return ok([{ type: 'Ledger:Opened', data: { currency, overdraftLimit } }]);
}

function firstCredit(decimal: string): Decided {
  const amount = minorUnits(decimal, absent.currency);
  if (typeof amount === 'string') return refused(amount);
  return ok([
    { type: 'Ledger:Opened', data: { currency: absent.currency, overdraftLimit: 0 } },
    { type: 'Ledger:Credited', data: { amount } },
  ]);
}

function into(account: Account, amount: number, events: readonly ExpectedEvent[]): Decided {
  return account.balance + amount > maxBalance ? refused('ledger/balance-limit') : ok(events);
}

function transfer(
  sender: Account,
  receiver: Account,
  { id: from, to }: Extract<LedgerCommand, { do: 'transfer' }>,
  amount: number,
): Decided {
  if (receiver.status === 'absent') return refused('ledger/receiver-not-found');
  if (receiver.status === 'closed') return refused('ledger/receiver-closed');
  if (receiver.currency !== sender.currency) return refused('ledger/currency-mismatch');
  if (receiver.balance + amount > maxBalance) return refused('ledger/balance-limit');
  return ok(
    [{ type: 'Ledger:TransferSent', data: { to, amount } }],
    [{ type: 'Ledger:TransferReceived', data: { from, amount } }],
  );
}

function lineOf({ balance }: Account, event: PlacedEvent): ExpectedLine | undefined {
  const { type, version, committedAt: at, data } = event;
  const movement = movements[type];
  if (movement === undefined) return undefined;
  const { amount, transferId, to, from } = data;
  const counterparty = to ?? from;
  const line = { version, kind: movement.kind, amount, balance, at, counterparty, transferId };
  return { key: paddedVersion(version), line };
}

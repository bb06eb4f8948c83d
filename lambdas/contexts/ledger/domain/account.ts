import * as z from 'zod';
import { type Decider, type Decision, type Rejection, reject } from '../../../kernel/index.ts';
import { amountIn, type LedgerEvent } from './events.ts';
import { balanceMaxMinorUnits, decimalsOf, formatMinorUnits, toMinorUnits } from './money.ts';

/** The commands on an account. Amounts are canonical decimals; the account converts them to minor units of its currency. */
export type LedgerCommand =
  | {
      readonly type: 'Open';
      readonly currency: string;
      readonly name?: string | undefined;
      readonly overdraftLimit: string;
    }
  /** `currency`: must be that of an open account. An account that this credit opens gets it. */
  | { readonly type: 'Credit'; readonly amount: string; readonly currency?: string | undefined }
  | { readonly type: 'Debit'; readonly amount: string }
  | {
      readonly type: 'SendTransfer';
      readonly transferId: string;
      readonly to: string;
      readonly amount: string;
    }
  | {
      readonly type: 'ReceiveTransfer';
      readonly transferId: string;
      readonly from: string;
      readonly amount: string;
      /** Currency of the sending account. */
      readonly currency: string;
    }
  | { readonly type: 'Close' };

/** The state of an account. Balance and limit are in minor units. */
export type Account =
  | { readonly status: 'unopened' }
  | {
      readonly status: 'open';
      readonly currency: string;
      readonly balance: number;
      readonly overdraftLimit: number;
    }
  | { readonly status: 'closed'; readonly currency: string };

type OpenAccount = Extract<Account, { status: 'open' }>;

/** The currency of an account that a credit without a currency opens. */
export const defaultCurrency = 'USD';

/** The states after the first event, for {@link Decider.isState}. */
const existing = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('open'),
    currency: z.string(),
    balance: z.number(),
    overdraftLimit: z.number(),
  }),
  z.object({ status: z.literal('closed'), currency: z.string() }),
]);

/** The rules of accounts. */
export const ledger: Decider<Account, LedgerCommand, LedgerEvent> = {
  category: 'ledger',
  stateVersion: 1,
  isState: (value) => existing.safeParse(value).success,
  initialState: () => ({ status: 'unopened' }),
  evolve,
  decide,
};

function evolve(account: Account, event: LedgerEvent): Account {
  switch (event.type) {
    case 'Ledger:Opened': {
      const { currency, overdraftLimit } = event.data;
      return { status: 'open', currency, balance: 0, overdraftLimit };
    }
    case 'Ledger:Credited':
    case 'Ledger:TransferReceived':
      return withBalance(account, amountIn(event.data));
    case 'Ledger:Debited':
    case 'Ledger:TransferSent':
      return withBalance(account, -amountIn(event.data));
    case 'Ledger:Closed':
      return account.status === 'open' ? { status: 'closed', currency: account.currency } : account;
    default: {
      const unknown: never = event;
      throw new TypeError(`Not a ledger event: ${JSON.stringify(unknown)}`);
    }
  }
}

function withBalance(account: Account, change: number): Account {
  return account.status === 'open' ? { ...account, balance: account.balance + change } : account;
}

function decide(command: LedgerCommand, account: Account): Decision<LedgerEvent> {
  switch (command.type) {
    case 'Open':
      return open(command, account);
    case 'Credit':
      return credit(command, account);
    case 'Debit':
      return onOpen(account, (opened) =>
        withAmount(command.amount, opened.currency, (amount) => {
          const event = { type: 'Ledger:Debited', data: { amount } } as const;
          return fundsRefusal(opened, amount) ?? [event];
        }),
      );
    case 'SendTransfer':
      return onOpen(account, (opened) => sendTransfer(command, opened));
    case 'ReceiveTransfer':
      if (account.status === 'open') return receiveTransfer(command, account);
      return account.status === 'unopened'
        ? reject('not-found', 'ledger/receiver-not-found', 'The receiving account does not exist.')
        : reject('refused', 'ledger/receiver-closed', 'The receiving account is closed.');
    case 'Close':
      return onOpen(account, (opened) => {
        if (opened.balance === 0) return [{ type: 'Ledger:Closed', data: {} }];
        const balance = formatMinorUnits(opened.balance, opened.currency);
        return reject(
          'refused',
          'ledger/balance-not-zero',
          `Only an account with a balance of zero can be closed; the balance is ${balance} ${opened.currency}.`,
        );
      });
    default: {
      const unknown: never = command;
      throw new TypeError(`Not a ledger command: ${JSON.stringify(unknown)}`);
    }
  }
}

function open(command: Extract<LedgerCommand, { type: 'Open' }>, account: Account): Decision<LedgerEvent> {
  if (account.status !== 'unopened') {
    return reject('refused', 'ledger/already-open', 'An account with this id already exists.');
  }
  const { currency, name } = command;
  return withAmount(command.overdraftLimit, currency, (overdraftLimit) => [
    { type: 'Ledger:Opened', data: { currency, ...(name !== undefined && { name }), overdraftLimit } },
  ]);
}

function credit(
  command: Extract<LedgerCommand, { type: 'Credit' }>,
  account: Account,
): Decision<LedgerEvent> {
  if (account.status === 'unopened') {
    const currency = command.currency ?? defaultCurrency;
    return withAmount(command.amount, currency, (amount) => [
      { type: 'Ledger:Opened', data: { currency, overdraftLimit: 0 } },
      { type: 'Ledger:Credited', data: { amount } },
    ]);
  }
  return onOpen(account, (opened) => {
    const { currency = opened.currency } = command;
    if (currency !== opened.currency) return currencyMismatch(opened.currency, currency);
    return withAmount(command.amount, opened.currency, (amount) => {
      const event = { type: 'Ledger:Credited', data: { amount } } as const;
      return balanceRefusal(opened, amount) ?? [event];
    });
  });
}

function sendTransfer(
  { transferId, to, amount: decimal }: Extract<LedgerCommand, { type: 'SendTransfer' }>,
  account: OpenAccount,
): Decision<LedgerEvent> {
  return withAmount(decimal, account.currency, (amount) => {
    const event = { type: 'Ledger:TransferSent', data: { transferId, to, amount } } as const;
    return fundsRefusal(account, amount) ?? [event];
  });
}

function receiveTransfer(
  { transferId, from, amount: decimal, currency }: Extract<LedgerCommand, { type: 'ReceiveTransfer' }>,
  account: OpenAccount,
): Decision<LedgerEvent> {
  if (currency !== account.currency) return currencyMismatch(account.currency, currency);
  return withAmount(decimal, currency, (amount) => {
    const event = { type: 'Ledger:TransferReceived', data: { transferId, from, amount } } as const;
    return balanceRefusal(account, amount) ?? [event];
  });
}

function onOpen(
  account: Account,
  decideOpen: (account: OpenAccount) => Decision<LedgerEvent>,
): Decision<LedgerEvent> {
  switch (account.status) {
    case 'unopened':
      return reject(
        'not-found',
        'ledger/not-found',
        'There is no account with this id. Open it or credit it first.',
      );
    case 'closed':
      return reject('refused', 'ledger/closed', 'The account is closed and accepts no more entries.');
    case 'open':
      return decideOpen(account);
  }
}

function withAmount(
  decimal: string,
  currency: string,
  decideAmount: (minorUnits: number) => Decision<LedgerEvent>,
): Decision<LedgerEvent> {
  const amount = toMinorUnits(decimal, currency);
  if (amount === 'too-many-decimals') {
    const decimals = decimalsOf(currency);
    const few = decimals === 0 ? 'no decimals' : `at most ${decimals} decimals`;
    return reject(
      'invalid',
      'ledger/too-many-decimals',
      `An amount in ${currency} has ${few}; ${decimal} has more.`,
    );
  }
  if (amount === 'too-large') {
    return reject(
      'invalid',
      'ledger/amount-too-large',
      `${decimal} ${currency} is more than the largest amount of one entry.`,
    );
  }
  return decideAmount(amount);
}

type Refusal = { readonly rejection: Rejection };

function fundsRefusal(
  { balance, overdraftLimit, currency }: OpenAccount,
  amount: number,
): Refusal | undefined {
  if (balance - amount >= -overdraftLimit) return undefined;
  const available = formatMinorUnits(balance + overdraftLimit, currency);
  return reject(
    'refused',
    'ledger/insufficient-funds',
    `${formatMinorUnits(amount, currency)} ${currency} is more than the ${available} ${currency} available.`,
  );
}

function balanceRefusal({ balance, currency }: OpenAccount, amount: number): Refusal | undefined {
  if (balance + amount <= balanceMaxMinorUnits) return undefined;
  const limit = formatMinorUnits(balanceMaxMinorUnits, currency);
  return reject('refused', 'ledger/balance-limit', `The balance would exceed ${limit} ${currency}.`);
}

function currencyMismatch(actual: string, named: string): Refusal {
  return reject('refused', 'ledger/currency-mismatch', `The account is in ${actual}, not in ${named}.`);
}

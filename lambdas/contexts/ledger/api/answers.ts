import * as z from 'zod';
import type { Account } from '../domain/account.ts';
import { formatMinorUnits } from '../domain/money.ts';
import type { AccountRow, Entry } from '../read-model/projection.ts';

const decimalText = z
  .string()
  .meta({ description: "A decimal with all of the currency's decimals.", examples: ['15.50'] });
const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC, milliseconds.' });
const version = z.int().min(1).meta({ description: 'Version of the stream that this reflects.' });

/** What every command on an account answers. */
export const commandAnswerSchema = z.object({
  id: z.string(),
  version,
  balance: decimalText,
  currency: z.string(),
});

export const accountSchema = z.object({
  id: z.string(),
  version,
  status: z.enum(['open', 'closed']),
  currency: z.string(),
  name: z.string().optional(),
  balance: decimalText,
  overdraftLimit: decimalText,
  openedAt: instant,
  updatedAt: instant,
});

export const entrySchema = z.object({
  version,
  kind: z.enum(['credit', 'debit', 'transfer-sent', 'transfer-received']),
  amount: decimalText,
  balance: decimalText,
  at: instant,
  counterparty: z.string().optional(),
  transferId: z.string().optional(),
});

/** The part of a command's answer that comes from the account's state. */
export interface BalanceAnswer {
  readonly balance: string;
  readonly currency: string;
}

/** What a command on the account answers. No command leaves an account unopened. */
export function balanceAnswer(account: Account): BalanceAnswer {
  switch (account.status) {
    case 'unopened':
      throw new Error('An account that is not open has no balance to answer.');
    case 'closed':
      return { balance: formatMinorUnits(0, account.currency), currency: account.currency };
    case 'open':
      return { balance: formatMinorUnits(account.balance, account.currency), currency: account.currency };
  }
}

export function accountView(row: AccountRow, rowVersion: number): z.output<typeof accountSchema> {
  const { id, status, currency, name, balance, overdraftLimit, openedAt, updatedAt } = row;
  return {
    id,
    version: rowVersion,
    status,
    currency,
    ...(name !== undefined && { name }),
    balance: formatMinorUnits(balance, currency),
    overdraftLimit: formatMinorUnits(overdraftLimit, currency),
    openedAt,
    updatedAt,
  };
}

export function entryView(entry: Entry, currency: string): z.output<typeof entrySchema> {
  const { amount, balance, ...rest } = entry;
  return {
    ...rest,
    amount: formatMinorUnits(amount, currency),
    balance: formatMinorUnits(balance, currency),
  };
}

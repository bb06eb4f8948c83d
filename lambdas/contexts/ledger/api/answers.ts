import * as z from 'zod';
import { defineResource, instantField, versionField } from '../../../http/resource.ts';
import type { Account } from '../domain/account.ts';
import { formatMinorUnits } from '../domain/money.ts';
import { type AccountRow, ledgerProjection, type StatementLine } from '../read-model/projection.ts';

const decimalText = z
  .string()
  .meta({ description: "A decimal with all of the currency's decimals.", examples: ['15.50'] });

/** Accounts, as the API shows them. */
export const accounts = defineResource({
  projection: ledgerProjection,
  path: '/ledger',
  noun: 'account',
  answer: { balance: decimalText, currency: z.string() },
  fields: {
    status: z.enum(['open', 'closed']),
    currency: z.string(),
    name: z.string().optional(),
    balance: decimalText,
    overdraftLimit: decimalText,
    openedAt: instantField,
    updatedAt: instantField,
  },
  view: ({ balance, overdraftLimit, ...row }: AccountRow) => ({
    ...row,
    balance: formatMinorUnits(balance, row.currency),
    overdraftLimit: formatMinorUnits(overdraftLimit, row.currency),
  }),
});

/** A line of the statement; the API calls it an entry. */
export const entrySchema = z.object({
  version: versionField,
  kind: z.enum(['credit', 'debit', 'transfer-sent', 'transfer-received']),
  amount: decimalText,
  balance: decimalText,
  at: instantField,
  counterparty: z.string().optional(),
  transferId: z.string().optional(),
});

export function entryView(line: StatementLine, { currency }: AccountRow): z.output<typeof entrySchema> {
  const decimal = (minorUnits: number) => formatMinorUnits(minorUnits, currency);
  return { ...line, amount: decimal(line.amount), balance: decimal(line.balance) };
}

/** The part of a command's answer that comes from the account's state. */
export interface BalanceAnswer {
  readonly balance: string;
  readonly currency: string;
}

/** What a command on the account answers. Throws for an unopened account: no command leaves one. */
export function balanceAnswer(account: Account): BalanceAnswer {
  if (account.status === 'unopened') throw new Error('An account that is not open has no balance.');
  const balance = account.status === 'open' ? account.balance : 0;
  return { balance: formatMinorUnits(balance, account.currency), currency: account.currency };
}

import * as z from 'zod';
import { defineResource, instantField, versionField } from '../../../http/resource.ts';
import type { Account } from '../domain/account.ts';
import { formatMinorUnits } from '../domain/money.ts';
import { type AccountRow, ledgerProjection, type StatementLine } from '../read-model/projection.ts';

const decimalText = z
  .string()
  .meta({ description: "A decimal number with all of the currency's decimals.", examples: ['15.50'] });

/** Accounts, as the API shows them. */
export const accounts = defineResource({
  projection: ledgerProjection,
  path: '/ledger',
  noun: 'account',
  answer: { balance: decimalText, currency: z.string() },
  fields: {
    status: z.enum(['open', 'closed']),
    currency: z.string(),
    name: z.string().optional().meta({ description: 'The label of the account.' }),
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

/** An entry: a line of the statement, as the API shows it. */
export const entrySchema = z.object({
  version: versionField,
  kind: z.enum(['credit', 'debit', 'transfer-sent', 'transfer-received']),
  amount: decimalText,
  balance: decimalText,
  at: instantField,
  counterparty: z.string().optional(),
  transferId: z.string().optional(),
});

/** Converts a line of the statement to an entry. */
export function entryView(
  line: StatementLine,
  { currency }: Pick<AccountRow, 'currency'>,
): z.output<typeof entrySchema> {
  const decimal = (minorUnits: number) => formatMinorUnits(minorUnits, currency);
  return { ...line, amount: decimal(line.amount), balance: decimal(line.balance) };
}

/** The part of a command's answer that depends on the account's state. */
export interface BalanceAnswer {
  readonly balance: string;
  readonly currency: string;
}

/** The answer to a command on the account. Throws for an unopened account, which no successful command leaves. */
export function balanceAnswer(account: Account): BalanceAnswer {
  if (account.status === 'unopened') throw new Error('An account that is not open has no balance.');
  const balance = account.status === 'open' ? account.balance : 0;
  return { balance: formatMinorUnits(balance, account.currency), currency: account.currency };
}

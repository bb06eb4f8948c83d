import { type CommandSide, commandRoutes } from '../../../http/command-routes.ts';
import type { Route } from '../../../http/route.ts';
import { type Account, defaultCurrency, type LedgerCommand } from '../domain/account.ts';
import { accounts, type BalanceAnswer } from './answers.ts';
import { creditRequest, debitRequest, openAccountRequest } from './requests.ts';

/** What the command routes of the ledger need. */
export type LedgerCommandSide = CommandSide<Account, LedgerCommand, BalanceAnswer>;

/** The routes for commands on one account. */
export function ledgerCommands(side: LedgerCommandSide): Route[] {
  const { create, command } = commandRoutes(accounts, side);
  return [
    create({
      operationId: 'openAccount',
      summary: 'Open an account',
      request: openAccountRequest,
      bodyScopes: [
        {
          scope: 'ledger:overdraft',
          needed: ({ overdraftLimit }) => overdraftLimit !== '0',
          purpose: 'to give the account an overdraft limit',
        },
      ],
      command: (body) => ({ type: 'Open', ...body }),
    }),
    command('credits', {
      operationId: 'creditAccount',
      summary: 'Credit an account (a deposit)',
      description: `The first credit of an unknown id opens the account, in the currency of the request (default: ${defaultCurrency}).`,
      request: creditRequest,
      command: (body) => ({ type: 'Credit', ...body }),
    }),
    command('debits', {
      operationId: 'debitAccount',
      summary: 'Debit an account (a withdrawal)',
      description: 'Refused if the amount is more than the balance plus the overdraft limit.',
      request: debitRequest,
      command: (body) => ({ type: 'Debit', ...body }),
    }),
    command('close', {
      operationId: 'closeAccount',
      summary: 'Close an account with a balance of zero',
      command: () => ({ type: 'Close' }),
    }),
  ];
}

import * as z from 'zod';
import { commandAnswer, commandRequest, idFromKey, newAggregateId } from '../../../http/commands.ts';
import { aggregateIdSchema } from '../../../http/parameters.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import { defineRoute, type HttpRequest, type Route } from '../../../http/route.ts';
import { type CommandHandler, reject } from '../../../kernel/index.ts';
import { type Account, defaultCurrency, type LedgerCommand } from '../domain/account.ts';
import type { LedgerEvent } from '../domain/events.ts';
import { type BalanceAnswer, commandAnswerSchema } from './answers.ts';
import { creditSchema, debitSchema, openAccountSchema, transferSchema } from './requests.ts';

export interface CommandDependencies {
  readonly handler: CommandHandler<Account, LedgerCommand, LedgerEvent, BalanceAnswer>;
}

const etagHeader = { etag: 'The version that the account has reached.' };
/** What every command on an account shares; the kernel answers 201 only for one that opened it. */
const shared = {
  method: 'POST',
  tags: ['ledger'],
  command: true,
  params: z.object({ id: aggregateIdSchema }),
  answers: {
    200: { description: 'Done.', schema: commandAnswerSchema, headers: etagHeader },
    201: {
      description: 'Done, and the account was opened.',
      schema: commandAnswerSchema,
      headers: { ...etagHeader, location: 'The account.' },
    },
  },
  problems: { 404: 'There is no account with this id.', 409: 'The state of the account forbids it.' },
} as const;

export function ledgerCommandRoutes({ handler }: CommandDependencies): Route[] {
  const handle = async (id: string, command: LedgerCommand, request: HttpRequest) =>
    commandAnswer(await handler.handle([{ id, command }], commandRequest(command.type, request)), '/ledger');

  return [
    defineRoute({
      ...shared,
      path: '/ledger',
      operationId: 'openAccount',
      summary: 'Open an account',
      params: z.object({}),
      body: openAccountSchema,
      handle: (request) =>
        handle(newAggregateId('ledger', request), { type: 'Open', ...request.body }, request),
    }),
    defineRoute({
      ...shared,
      path: '/ledger/{id}/credits',
      operationId: 'creditAccount',
      summary: 'Credit an account (a deposit)',
      description: `An unknown id is opened by its first credit, in the currency it names (${defaultCurrency} if none).`,
      body: creditSchema,
      handle: (request) => handle(request.params.id, { type: 'Credit', ...request.body }, request),
    }),
    defineRoute({
      ...shared,
      path: '/ledger/{id}/debits',
      operationId: 'debitAccount',
      summary: 'Debit an account (a withdrawal)',
      description: 'Refused where it would take the balance below the overdraft limit.',
      body: debitSchema,
      handle: (request) => handle(request.params.id, { type: 'Debit', ...request.body }, request),
    }),
    defineRoute({
      ...shared,
      path: '/ledger/{id}/transfers',
      operationId: 'transfer',
      summary: 'Transfer to another account of the same currency',
      description: 'Both accounts or neither. Answers for the sending account.',
      body: transferSchema,
      handle: (request) => transfer(handler, request.params.id, request.body, request),
    }),
    defineRoute({
      ...shared,
      path: '/ledger/{id}/close',
      operationId: 'closeAccount',
      summary: 'Close an account that stands at zero',
      body: z.object({}).optional(),
      handle: (request) => handle(request.params.id, { type: 'Close' }, request),
    }),
  ];
}

async function transfer(
  handler: CommandDependencies['handler'],
  from: string,
  { to, amount }: z.output<typeof transferSchema>,
  http: HttpRequest,
) {
  if (to === from) {
    const { rejection } = reject('invalid', 'ledger/same-account', 'A transfer goes to another account.');
    throw rejectionProblem(rejection);
  }
  const request = commandRequest('Transfer', http);
  // Derived, so that a retry means the same; hashed with the sender, so that the receiver does not learn the key.
  const transferId = idFromKey(`transfer from ${from}`, request.commandId);
  const result = await handler.handle(
    [
      { id: from, command: { type: 'SendTransfer', transferId, to, amount } },
      {
        id: to,
        command: ([sender]) => ({
          type: 'ReceiveTransfer',
          transferId,
          from,
          amount,
          currency: currencyOf(sender),
        }),
      },
    ],
    request,
  );
  return commandAnswer(result, '/ledger');
}

/** The sender was decided first: it is open, or the transfer is refused by now. */
function currencyOf(sender: Account | undefined): string {
  return sender?.status === 'open' ? sender.currency : defaultCurrency;
}

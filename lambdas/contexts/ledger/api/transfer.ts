import { commandRoute } from '../../../http/command-routes.ts';
import { commandRequest, derivedId } from '../../../http/commands.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import type { Route } from '../../../http/route.ts';
import { reject, streamName } from '../../../kernel/index.ts';
import { type Account, defaultCurrency, type LedgerCommand } from '../domain/account.ts';
import { accounts } from './answers.ts';
import type { LedgerCommandSide } from './commands.ts';
import { transferRequest } from './requests.ts';

/** `POST /ledger/{id}/transfers`: one command on each account. Both or neither are committed. */
export function transferRoute({ handler }: LedgerCommandSide): Route {
  return commandRoute(accounts, {
    step: 'transfers',
    operationId: 'transfer',
    summary: 'Transfer to another account of the same currency',
    description: 'Changes both accounts or neither. The answer is about the sending account.',
    request: transferRequest,
    alsoReads: ({ to }) => [streamName(accounts.category, to)],
    handle: (http) => {
      const { id: from } = http.params;
      const { to, amount } = http.body;
      if (to === from) throw sameAccount();
      const request = commandRequest('Transfer', http);
      // A retry gets the same id. It is a hash of the sender and the command id, so the receiver cannot read the key from it.
      const transferId = derivedId('transfer', from, request.commandId);
      const send: LedgerCommand = { type: 'SendTransfer', transferId, to, amount };
      const receive = ([sender]: readonly Account[]): LedgerCommand => ({
        type: 'ReceiveTransfer',
        transferId,
        from,
        amount,
        currency: currencyOf(sender),
      });
      return handler.handle(
        [
          { id: from, command: send },
          { id: to, command: receive },
        ],
        request,
      );
    },
  });
}

/** The sender is decided first. If it is not open, the transfer is already refused and this currency has no effect. */
function currencyOf(sender: Account | undefined): string {
  return sender?.status === 'open' ? sender.currency : defaultCurrency;
}

function sameAccount() {
  return rejectionProblem(
    reject('invalid', 'ledger/same-account', 'A transfer needs two different accounts.').rejection,
  );
}

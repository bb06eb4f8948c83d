import type { PersonCommand } from '../history.ts';

/** A request to the HTTP routes. */
export interface CommandRequest {
  readonly path: string;
  readonly body: object;
}

type CommandOf<Context extends PersonCommand['context']> = Extract<PersonCommand, { context: Context }>;

/** The request that carries out a command. Throws for a command on a dispense. */
export function requestOf(command: PersonCommand): CommandRequest {
  switch (command.context) {
    case 'ledger':
      return ledgerRequest(command);
    case 'metrics':
      return metricsRequest(command);
    case 'dispense':
      throw new Error('No command on a dispense is sent here: see `chooseCommand`.');
  }
}

/** The path of the row of a stream. */
export function rowPath(context: PersonCommand['context'], id: string): string {
  return `/${roots[context]}/${encodeURIComponent(id)}`;
}

const roots = { ledger: 'ledger', metrics: 'metrics', dispense: 'dispenses' } as const;

function ledgerRequest(command: CommandOf<'ledger'>): CommandRequest {
  const path = rowPath('ledger', command.id);
  switch (command.do) {
    case 'open':
      return {
        path: '/ledger',
        body: { currency: command.currency, overdraftLimit: command.overdraftLimit },
      };
    case 'credit':
    case 'debit':
      return { path: `${path}/${command.do}s`, body: { amount: command.amount } };
    case 'transfer':
      return { path: `${path}/transfers`, body: { to: command.to, amount: command.amount } };
    case 'close':
      return { path: `${path}/close`, body: {} };
  }
}

function metricsRequest(command: CommandOf<'metrics'>): CommandRequest {
  const path = rowPath('metrics', command.id);
  switch (command.do) {
    case 'create':
      return { path: '/metrics', body: { name: command.name } };
    case 'set-target': {
      const { value, deadline, direction } = command;
      return { path: `${path}/targets`, body: { value, deadline, direction } };
    }
    case 'record':
      return { path: `${path}/values`, body: command.values.map((value) => ({ value })) };
    case 'archive':
      return { path: `${path}/archive`, body: {} };
  }
}

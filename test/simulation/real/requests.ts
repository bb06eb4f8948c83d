import type { PersonCommand } from '../history.ts';

/** A request to the HTTP routes. */
export interface CommandRequest {
  readonly path: string;
  readonly body: object;
}

/** Day of birth of all patients here: history names none. */
const birthDate = '1984-02-29';

type CommandOf<Context extends PersonCommand['context']> = Extract<PersonCommand, { context: Context }>;

/** The request that carries out a command. Throws for an upload, which is not sent here. */
export function requestOf(command: PersonCommand): CommandRequest {
  switch (command.context) {
    case 'ledger':
      return ledgerRequest(command);
    case 'metrics':
      return metricsRequest(command);
    case 'dispense':
      return dispenseRequest(command);
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

function dispenseRequest(command: CommandOf<'dispense'>): CommandRequest {
  const path = rowPath('dispense', command.id);
  switch (command.do) {
    case 'start':
      return { path: '/dispenses', body: {} };
    case 'complete':
      return { path: `${path}/complete`, body: {} };
    case 'cancel':
      return { path: `${path}/cancel`, body: { reason: 'not needed' } };
    case 'add-patient':
    case 'correct-patient': {
      const { name, identifier } = command;
      const body = { name, birthDate, ...(identifier !== undefined && { identifier }) };
      return { path: `${path}/patient${command.do === 'add-patient' ? '' : '/correct'}`, body };
    }
    case 'add-drugs':
      return { path: `${path}/drugs`, body: { drugs: command.drugs.map(drug) } };
    case 'confirm':
      return { path: `${path}/analysis/confirm`, body: { analysis: command.analysis } };
    case 'upload':
    case 'add-page':
      throw new Error('An upload is not sent to the real pipeline here.');
  }
}

function drug(name: string): object {
  return { name, strength: '500 mg', form: 'tablet', quantity: 20, directions: 'one a day' };
}

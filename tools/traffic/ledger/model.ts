import type { Aggregate } from '../aggregate.ts';
import type { Done, Members } from '../context-types.ts';
import type { ContextModel, Writing } from '../model.ts';
import { anyTime } from '../server-clock.ts';
import { creditOf, debitOf, ledgerPlans, plannedAccount } from './plans.ts';
import {
  type AccountState,
  decide,
  evolve,
  type LedgerCommand,
  type LedgerTypes,
  toDecimal,
} from './rules.ts';

const paths = { credit: 'credits', debit: 'debits', 'transfer-sent': 'transfers' } as const;

/** Accounts of several currencies, with transfers between those of one currency. */
export function ledgerModel(accounts: number): ContextModel<LedgerTypes> {
  return {
    name: 'ledger',
    noun: 'account',
    size: accounts,
    statusOf: {
      'ledger/insufficient-funds': 409,
      'ledger/currency-mismatch': 409,
      'ledger/closed': 409,
      'ledger/not-found': 404,
      'ledger/too-many-decimals': 400,
      'version-mismatch': 412,
      'idempotency-key-reused': 422,
    },
    notFound: 'ledger/not-found',
    ended: 'ledger/closed',
    create: (index, key) => {
      const { state, isOpenedByRequest } = plannedAccount(index);
      return isOpenedByRequest ? { state, command: { kind: 'open' } } : { state, id: key };
    },
    first: creditOf,
    plans: ledgerPlans(accounts),
    lifecycle: [
      creditOf,
      ({ aggregate }) => ({ kind: 'debit', amount: aggregate.state.balance }),
      () => ({ kind: 'close' }),
    ],
    probe: debitOf,
    request,
    alter: (command) => ('amount' in command ? { ...command, amount: command.amount + 1 } : undefined),
    readResult: ({ balance, currency }, state) =>
      typeof balance === 'string' && currency === state.currency ? { balance } : undefined,
    expect: (state, command) => {
      const takesMoney = command.kind === 'debit' || command.kind === 'transfer-sent';
      return { decision: decide(state, command), refusals: takesMoney ? ['ledger/insufficient-funds'] : [] };
    },
    evolve: (state, command, reply) => evolve(state, command, reply?.created ?? false),
    resolve: withReceived,
    replay: (state, { command }) => [decide(state, command)],
    row,
    freshRow: row,
    lines: {
      noun: 'entries',
      path: 'entries',
      key: 'version',
      newestFirst: true,
      of: entriesOf,
      pairOf: transferOf,
    },
  };
}

function request({ currency, name, overdraftLimit }: AccountState, command: LedgerCommand, writing: Writing) {
  if (command.kind === 'open') {
    const limit = overdraftLimit > 0 && { overdraftLimit: toDecimal(overdraftLimit, currency) };
    return { body: { currency, ...(name !== undefined && { name }), ...limit } };
  }
  if (command.kind === 'transfer-received') throw new TypeError('A transfer is sent by the other account.');
  if (!('amount' in command)) return { path: 'close' };
  const path = paths[command.kind];
  const text = toDecimal(command.amount, currency);
  const amount = writing === 'plain' ? Number(text) : text;
  const to = command.kind === 'transfer-sent' && { to: command.counterparty };
  return { path, body: { ...to, amount, ...(command.kind === 'credit' && { currency }) } };
}

/**
 * Gives each received transfer a version that no command was acknowledged for. The statement shows which. A transfer
 * that the statement does not show gets a free version too, so that its entry is found missing.
 */
function withReceived(account: Aggregate<LedgerTypes>, entries: readonly Members[]): Done<LedgerTypes>[] {
  const { done, received, state } = account;
  const taken = new Set(done.flatMap(({ version, reply }) => [version, reply?.created ? 1 : version]));
  const shown = new Map(entries.map((entry) => [entry['version'], entry]));
  const resolved = [...done];
  const left = [...received];
  for (let version = 1; left.length > 0 && version <= state.version; version += 1) {
    if (taken.has(version)) continue;
    const entry = shown.get(version);
    const index = left.findIndex((command) => isShown(command, entry));
    const [command] = left.splice(Math.max(0, index), 1);
    if (command) resolved.push({ command, version, now: anyTime });
  }
  return resolved;
}

function isShown(command: LedgerCommand, entry: Members | undefined): boolean {
  if (!('counterparty' in command) || entry?.['counterparty'] !== command.counterparty) return false;
  return entry['amount'] === toDecimal(command.amount, command.currency);
}

function row({ version, status, currency, name, balance, overdraftLimit }: AccountState): Members {
  const [balanceText, limitText] = [toDecimal(balance, currency), toDecimal(overdraftLimit, currency)];
  return { version, status, currency, name, balance: balanceText, overdraftLimit: limitText };
}

function entriesOf({ command, version }: Done<LedgerTypes>, { balance, currency }: AccountState): Members[] {
  if (!('amount' in command)) return [];
  const counterparty = 'counterparty' in command ? command.counterparty : undefined;
  const [amount, balanceText] = [toDecimal(command.amount, currency), toDecimal(balance, currency)];
  return [{ version, kind: command.kind, amount, balance: balanceText, counterparty }];
}

/** Both entries of a transfer carry its id. */
function transferOf(id: string, { kind, amount, counterparty, transferId }: Members) {
  const pair = (from: unknown, to: unknown) =>
    `The transfer ${transferId} of ${amount} from ${from} to ${to}`;
  if (kind === 'transfer-sent') return { pair: pair(id, counterparty), side: 'source' } as const;
  return kind === 'transfer-received'
    ? ({ pair: pair(counterparty, id), side: 'target' } as const)
    : undefined;
}

import type { ContextTypes, Decision } from '../context-types.ts';

/** The decimals of the currencies that traffic uses. */
export const decimalsOf = { USD: 2, EUR: 2, JPY: 0, BHD: 3 } as const;
export type Currency = keyof typeof decimalsOf;

/** An account; amounts in minor units. */
export interface AccountState {
  readonly version: number;
  readonly status: 'absent' | 'open' | 'closed';
  readonly balance: number;
  readonly currency: Currency;
  readonly name?: string | undefined;
  readonly overdraftLimit: number;
}

/** `counterparty`: the id of the other account, `currency`: its currency. */
export type LedgerCommand =
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'credit' | 'debit'; readonly amount: number }
  | {
      readonly kind: 'transfer-sent' | 'transfer-received';
      readonly amount: number;
      readonly counterparty: string;
      readonly currency: Currency;
    };

export interface LedgerTypes extends ContextTypes {
  readonly State: AccountState;
  readonly Command: LedgerCommand;
  /** As a decimal. */
  readonly Result: { readonly balance: string };
}

/** Decides a command on an account whose state is exact. */
export function decide(state: AccountState, command: LedgerCommand): Decision<LedgerTypes> {
  const refused = refusalOf(state, command);
  if (refused) return { refused };
  const created = state.status === 'absent';
  const next = evolve(state, command, created);
  const balance = toDecimal(next.balance, next.currency);
  return { reply: { version: next.version, created, result: { balance } }, state: next };
}

function refusalOf(state: AccountState, command: LedgerCommand): string | undefined {
  const { kind } = command;
  if (state.status === 'closed') return 'ledger/closed';
  if (state.status === 'absent' && kind !== 'open' && kind !== 'credit') return 'ledger/not-found';
  if (state.balance + changeOf(command) < -state.overdraftLimit) return 'ledger/insufficient-funds';
  if ('currency' in command && command.currency !== state.currency) return 'ledger/currency-mismatch';
  return undefined;
}

/** Folds an accepted command. Version and balance do not depend on the order of the commands. */
export function evolve(state: AccountState, command: LedgerCommand, created: boolean): AccountState {
  return {
    ...state,
    // The first credit of an account opens it with an event of its own.
    version: state.version + (created && command.kind === 'credit' ? 2 : 1),
    status: command.kind === 'close' ? 'closed' : 'open',
    balance: state.balance + changeOf(command),
  };
}

/** The change of the balance by a command, in minor units. */
function changeOf(command: LedgerCommand): number {
  if (!('amount' in command)) return 0;
  return command.kind === 'credit' || command.kind === 'transfer-received' ? command.amount : -command.amount;
}

/** 1850 USD is "18.50". */
export function toDecimal(minorUnits: number, currency: Currency): string {
  const decimals = decimalsOf[currency];
  return (minorUnits / 10 ** decimals).toFixed(decimals);
}

import type { Aggregate } from '../aggregate.ts';
import type { CommandPlan, PlanInput, Planned } from '../model.ts';
import { type AccountState, type Currency, decimalsOf, type LedgerTypes } from './rules.ts';

type Input = PlanInput<LedgerTypes>;
type Account = Aggregate<LedgerTypes>;

const currencies = Object.keys(decimalsOf) as Currency[];
/** With fewer accounts, a currency would not have two to transfer between. */
export const accountsMin = 2 * currencies.length;
/** The largest usual amount, in minor units. */
const amountMax = 50_000;
/** A debit of more than the accounts of a run can ever hold. */
const impossibleDebit = { kind: 'debit', amount: 10 ** 13 } as const;

/** The account with this index before it is opened: by its first credit, or by a request of its own. */
export function plannedAccount(index: number): { state: AccountState; isOpenedByRequest: boolean } {
  const round = Math.floor(index / currencies.length);
  const isOpenedByRequest = round % 2 === 1;
  const name = isOpenedByRequest && round % 3 === 0 ? `Traffic ${index}` : undefined;
  const overdraftLimit = round % 4 === 1 ? 2 * amountMax : 0;
  const currency = currencies[index % currencies.length] ?? 'USD';
  return {
    state: { version: 0, status: 'absent', balance: 0, currency, name, overdraftLimit },
    isOpenedByRequest,
  };
}

export const creditOf = (input: Input) => ({ kind: 'credit', amount: amountOf(input) }) as const;
export const debitOf = (input: Input) => ({ kind: 'debit', amount: amountOf(input) }) as const;

export function ledgerPlans(accounts: number): CommandPlan<LedgerTypes>[] {
  return [
    [38, (input) => ({ command: creditOf(input) })],
    [25, (input) => ({ command: debitOf(input) })],
    [16, (input) => planTransfer(input, accounts)],
    [1, (input) => planMismatch(input, accounts)],
    [2, ({ aggregate }) => tooManyDecimals(aggregate)],
    [3, () => ({ command: impossibleDebit, refusals: ['ledger/insufficient-funds'] })],
  ];
}

async function planTransfer(input: Input, accounts: number): Promise<Planned<LedgerTypes> | undefined> {
  const { aggregate, random, find } = input;
  const residue = aggregate.index % currencies.length;
  const sharing = Math.ceil((accounts - residue) / currencies.length);
  const own = Math.floor(aggregate.index / currencies.length);
  const receiver = await find(
    residue + currencies.length * ((own + 1 + random.below(sharing - 1)) % sharing),
  );
  if (!receiver) return undefined;
  // Only a credit opens an account.
  if (receiver.state.version === 0) return { aggregate: receiver, command: creditOf(input) };
  const amount = amountOf(input);
  const received = { ...transferTo(aggregate, amount), kind: 'transfer-received' } as const;
  return { command: transferTo(receiver, amount), other: { aggregate: receiver, command: received } };
}

/** A transfer to an account of another currency. */
async function planMismatch(
  { aggregate, find }: Input,
  accounts: number,
): Promise<Planned<LedgerTypes> | undefined> {
  const receiver = await find((aggregate.index + 1) % accounts);
  if (!receiver?.state.version || receiver.state.currency === aggregate.state.currency) return undefined;
  const refusals = ['ledger/currency-mismatch', 'ledger/insufficient-funds'];
  return { command: transferTo(receiver, 1), refusals };
}

function transferTo({ id, state }: Account, amount: number) {
  return { kind: 'transfer-sent', amount, counterparty: id, currency: state.currency } as const;
}

/** An amount with one decimal more than the currency has. */
function tooManyDecimals({ state }: Account): Planned<LedgerTypes> {
  const amount = `0.${'0'.repeat(decimalsOf[state.currency])}1`;
  return { command: { kind: 'credit', amount: 1 }, body: { amount }, refusals: ['ledger/too-many-decimals'] };
}

function amountOf({ random }: Input): number {
  return 1 + random.below(amountMax);
}

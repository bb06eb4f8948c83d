import { type Currency, currencies, currencyCodes } from './money.ts';
import { type Random, seededRandom } from './random.ts';

/** What a step does; the comments say what the server has to answer. */
export type StepKind =
  | 'credit'
  | 'debit'
  | 'transfer'
  /** Opened, credited, debited, closed and knocked at once more, in this order: the last is refused. */
  | 'brief-account'
  /** An earlier command once more under its key: the same answer, and nothing is added. */
  | 'repeat'
  /** An earlier command's key with another amount: 422. */
  | 'reused-key'
  /** A debit of more than there can be: 409. */
  | 'impossible-debit'
  /** One decimal more than the currency has: 400. */
  | 'too-many-decimals'
  /** A transfer between currencies: 409. */
  | 'currency-mismatch'
  /** A debit from an account that was never opened: 404. */
  | 'unknown-account'
  /** `If-Match` with a version long gone: 412. */
  | 'stale-version'
  /** A read that must reflect every command acknowledged so far. */
  | 'fresh-read';

/** A step as drawn. Every step draws all of it, so that one kind's needs do not shift the steps behind it. */
export interface Step {
  readonly kind: StepKind;
  /** Indexes of two different accounts of the same currency. */
  readonly account: number;
  readonly other: number;
  /** How much, as a fraction of what is usual in the currency; in (0, 1]. */
  readonly fraction: number;
  /** Send the amount as text rather than as a number. */
  readonly amountAsText: boolean;
  /** Name the version last seen, in `If-Match`. */
  readonly ifMatch: boolean;
  /** Send it twice at the same time under one key. */
  readonly twice: boolean;
  /** Which earlier command: as a fraction of those still remembered, in [0, 1). */
  readonly earlier: number;
}

/** An account as planned, before it is opened. */
export interface AccountPlan {
  readonly currency: Currency;
  /** By `POST /ledger`, or by its first credit. */
  readonly openedBy: 'request' | 'credit';
  readonly name: string | undefined;
  readonly overdraftLimitMinorUnits: number;
}

const kinds: readonly (readonly [StepKind, number])[] = [
  ['credit', 38],
  ['debit', 25],
  ['transfer', 16],
  ['brief-account', 0.5],
  ['repeat', 4],
  ['reused-key', 0.5],
  ['impossible-debit', 3],
  ['too-many-decimals', 2],
  ['currency-mismatch', 1],
  ['unknown-account', 1],
  ['stale-version', 1],
  ['fresh-read', 8],
];

/** So many accounts are hot ... */
const hotAccounts = 8;
/** ... and get this share of the steps beside their own. */
const hotShare = 0.2;
const ifMatchShare = 0.1;
const twiceShare = 0.06;

/** Fewer would leave a currency without two accounts to transfer between. */
export const accountsMin = 2 * currencyCodes.length;

/** The steps of a seed, without end. */
export function* ledgerSteps(seed: number, accounts: number): Generator<Step, never> {
  const random = seededRandom(seed);
  for (;;) {
    const kind = random.weighted(kinds);
    const account = random.next() < hotShare ? random.below(hotAccounts) : random.below(accounts);
    yield {
      kind,
      account,
      other: otherOfSameCurrency(random, account, accounts),
      fraction: 1 - random.next(),
      amountAsText: random.next() < 0.5,
      ifMatch: random.next() < ifMatchShare,
      twice: random.next() < twiceShare,
      earlier: random.next(),
    };
  }
}

/** What the account with this index is to be. */
export function accountPlan(index: number): AccountPlan {
  const currency = currencyOf(index);
  const turn = Math.floor(index / currencyCodes.length);
  const openedBy = turn % 2 === 0 ? 'credit' : 'request';
  const isNamed = openedBy === 'request' && turn % 3 === 0;
  const mayOverdraw = openedBy === 'request' && turn % 4 === 1;
  return {
    currency,
    openedBy,
    name: isNamed ? `Traffic ${index}` : undefined,
    overdraftLimitMinorUnits: mayOverdraw ? 2 * currencies[currency].usualMinorUnits : 0,
  };
}

/** Currencies take turns, so that accounts a multiple of their number apart share one. */
function currencyOf(index: number): Currency {
  return currencyCodes[index % currencyCodes.length] ?? 'USD';
}

function otherOfSameCurrency(random: Random, account: number, accounts: number): number {
  const residue = account % currencyCodes.length;
  const own = (account - residue) / currencyCodes.length;
  const sharing = Math.ceil((accounts - residue) / currencyCodes.length);
  const drawn = random.below(sharing - 1);
  return residue + currencyCodes.length * (drawn < own ? drawn : drawn + 1);
}

import type { PersonCommand } from '../../history.ts';
import type { Random } from '../../world/random.ts';

/** The account that is the long stream, if a history has one: in USD, opened before the history begins. */
export const longStreamId = 'acc-1';

/** An account that nobody opens. A credit may open it in passing. */
const absentId = 'acc-99';

/** What the maker of a plan believes of an account. Faults and refusals make it wrong, and that is no harm. */
interface Believed {
  readonly id: string;
  readonly currency: 'USD' | 'EUR' | 'JPY' | 'BHD';
  readonly overdraftLimit: string;
  cents: number;
  isOpen: boolean;
  isClosed: boolean;
}

const decimals = { USD: 2, EUR: 2, JPY: 0, BHD: 3 } as const;

/** Makes up commands on the accounts of one history. */
export class Accounts {
  readonly #random: Random;
  readonly #accounts: readonly Believed[];

  constructor(random: Random, hasLongStream: boolean) {
    this.#random = random;
    const count = random.between(4, 6);
    this.#accounts = Array.from({ length: count }, (_, index) => ({
      id: `acc-${index + 1}`,
      // Two at least have the same currency, so transfers are possible.
      currency: index < 2 || random.chance(0.5) ? 'USD' : random.pick(['USD', 'EUR', 'JPY', 'BHD']),
      overdraftLimit: index > 0 && random.chance(0.4) ? String(random.pick([5, 50, 200])) : '0',
      ...{ cents: 0, isOpen: hasLongStream && index === 0, isClosed: false },
    }));
  }

  get ids(): readonly string[] {
    return this.#accounts.map(({ id }) => id);
  }

  /** The next command. `favourite`: the account that it is about, if it is about any. */
  next(favourite?: string): PersonCommand {
    const random = this.#random;
    const account = this.#accounts.find(({ id }) => id === favourite) ?? random.pick(this.#accounts);
    const luck = random.next();
    if (!account.isOpen) return luck < 0.85 ? this.#open(account) : this.#change(account, luck);
    if (account.isClosed && luck < 0.6) return this.next();
    if (luck < 0.02) return this.#open(account);
    if (luck < 0.03) return { context: 'ledger', do: 'debit', id: absentId, amount: '1' };
    // The last account is closed early in most histories, so that others meet a closed one.
    if (luck < (account === this.#accounts.at(-1) ? 0.12 : 0.04)) return this.#close(account);
    return luck < 0.35 ? this.#transfer(account) : this.#change(account, luck);
  }

  /** A small transfer between the first two accounts, in either direction. */
  cross(): PersonCommand {
    const [one, other] = this.#accounts as [Believed, Believed];
    const [from, to] = this.#random.chance(0.5) ? [one, other] : [other, one];
    const cents = this.#random.between(1, 50);
    from.cents -= cents;
    to.cents += cents;
    return { context: 'ledger', do: 'transfer', id: from.id, to: to.id, amount: amountText(cents, 2) };
  }

  #open(account: Believed): PersonCommand {
    account.isOpen = true;
    const { id, currency, overdraftLimit } = account;
    return { context: 'ledger', do: 'open', id, currency, overdraftLimit };
  }

  #change(account: Believed, luck: number): PersonCommand {
    const isCredit = luck < 0.72;
    const cents = this.#cents(account, isCredit);
    account.cents += isCredit ? cents : -cents;
    const amount = this.#random.chance(0.01) ? '0.0001' : amountText(cents, decimals[account.currency]);
    return { context: 'ledger', do: isCredit ? 'credit' : 'debit', id: account.id, amount };
  }

  /** Mostly to an account of the same currency; else to any, to a closed one, or to none. */
  #transfer(account: Believed): PersonCommand {
    const random = this.#random;
    const others = this.#accounts.filter(({ id }) => id !== account.id);
    const fitting = others.filter(
      ({ currency, isOpen, isClosed }) => currency === account.currency && isOpen && !isClosed,
    );
    const isFitting = random.chance(0.8) && fitting.length > 0;
    const to = random.pick(isFitting ? fitting : others);
    const cents = this.#cents(account, false);
    if (isFitting) {
      account.cents -= cents;
      to.cents += cents;
    }
    const toId = !isFitting && random.chance(0.3) ? absentId : to.id;
    return {
      ...{ context: 'ledger', do: 'transfer', id: account.id, to: toId },
      amount: amountText(cents, decimals[account.currency]),
    };
  }

  /** Closing needs a balance of zero: what is believed to be left is taken out first, by the command before. */
  #close(account: Believed): PersonCommand {
    if (account.cents > 0 && this.#random.chance(0.7)) {
      const amount = amountText(account.cents, decimals[account.currency]);
      account.cents = 0;
      return { context: 'ledger', do: 'debit', id: account.id, amount };
    }
    account.isClosed = account.cents === 0;
    return { context: 'ledger', do: 'close', id: account.id };
  }

  /** Mostly what the account has; sometimes more. */
  #cents({ cents }: Believed, isCredit: boolean): number {
    const random = this.#random;
    const most = isCredit || random.chance(0.2) ? 20_000 : Math.max(100, cents);
    return random.chance(0.4) ? 100 * random.between(1, Math.ceil(most / 100)) : random.between(1, most);
  }
}

/** The canonical decimal of minor units: 1850 with 2 decimals is "18.5". */
function amountText(minorUnits: number, digits: number): string {
  const text = String(minorUnits).padStart(digits + 1, '0');
  const [whole, fraction] = [text.slice(0, text.length - digits), text.slice(text.length - digits)];
  const exact = fraction.replace(/0+$/, '');
  return exact === '' ? whole : `${whole}.${exact}`;
}

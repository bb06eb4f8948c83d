import type { LedgerCommand, Outcome, RefusalCode } from './ledger-commands.ts';

/** What the books make of a command that meets the accounts as they are now. */
export type Foretold =
  | { readonly kind: 'done'; readonly created: boolean; readonly version: number; readonly balance: number }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

/** The outcome of a movement or a closing that no other command comes in between of. */
export function foretell({ book, effect, receiver }: LedgerCommand): Foretold {
  const { version, balance } = book;
  if (book.status === 'closed') return { kind: 'refused', code: 'ledger/closed' };
  if (effect === 'closing') return { kind: 'done', created: false, version: version + 1, balance: 0 };
  const { kind, amount } = effect;
  if (kind === 'credit') {
    const events = book.isOpen ? 1 : 2;
    return { kind: 'done', created: !book.isOpen, version: version + events, balance: balance + amount };
  }
  if (!book.isOpen) return { kind: 'refused', code: 'ledger/not-found' };
  if (balance - amount < -book.terms.overdraftLimit) {
    return { kind: 'refused', code: 'ledger/insufficient-funds' };
  }
  if (receiver && receiver.terms.currency !== book.terms.currency) {
    return { kind: 'refused', code: 'ledger/currency-mismatch' };
  }
  return { kind: 'done', created: false, version: version + 1, balance: balance - amount };
}

/** Whether the command ended as foretold. */
export function isAsForetold(outcome: Outcome | string, foretold: Foretold): boolean {
  if (typeof outcome === 'string') return false;
  if (outcome.kind === 'refused') return foretold.kind === 'refused' && outcome.code === foretold.code;
  return foretold.kind === 'done' && isSameResult(outcome, foretold);
}

/** Whether two answers say the same of the account. */
export function isSameResult(
  one: Omit<Foretold & { kind: 'done' }, 'kind'>,
  other: Omit<Foretold & { kind: 'done' }, 'kind'>,
): boolean {
  return one.created === other.created && one.version === other.version && one.balance === other.balance;
}

import type { AccountBook } from './books.ts';
import { type Currency, toDecimal, toMinorUnits } from './money.ts';

/** A line of `GET /ledger/{id}/entries`, as far as the comparison needs it. */
export interface StatementLine {
  readonly version: number;
  readonly kind: string;
  readonly amount: string;
  readonly balance: string;
  readonly counterparty?: string;
  readonly transferId?: string;
}

/** Pairs the two ends of every transfer, over the statements of all accounts. */
export class TransferPairs {
  readonly #ends = new Map<string, string[]>();

  note(
    transferId: string | undefined,
    end: 'sent' | 'received',
    from: string,
    to: string,
    amount: string,
  ): void {
    const id = transferId ?? 'without id';
    const ends = this.#ends.get(id) ?? [];
    ends.push(`${end} ${amount} from ${from} to ${to}`);
    this.#ends.set(id, ends);
  }

  /** Transfers that do not consist of one entry on each side with the same amount. */
  findings(): string[] {
    return [...this.#ends].flatMap(([id, ends]) => {
      const moved = new Set(ends.map((end) => end.replace(/^\w+ /, '')));
      const sides = ends.map((end) => end.split(' ', 1)[0]).sort();
      if (moved.size === 1 && sides.join() === 'received,sent') return [];
      return [`transfer ${id} consists of: ${ends.join('; ')}`];
    });
  }
}

/**
 * Compares a statement, oldest line first, with the books: every line has to be an acknowledged movement at its version or
 * a transfer from elsewhere, none may be missing, and the running balance has to follow from the amounts.
 */
export function statementFindings(
  book: AccountBook,
  lines: readonly StatementLine[],
  pairs: TransferPairs,
): string[] {
  const { currency, overdraftLimit } = book.terms;
  const found: string[] = [];
  const expected = tally(book.incoming.map(({ from, amount }) => `${from} ${toDecimal(amount, currency)}`));
  let balance = 0;
  let version = 1;
  for (const line of lines) {
    const where = `entry ${line.version}`;
    if (line.version !== version + 1) found.push(`${where} follows version ${version}`);
    version = line.version;
    balance += changeOf(line, currency);
    if (toMinorUnits(line.balance, currency) !== balance) {
      found.push(`${where} shows ${line.balance}, its amounts add up to ${toDecimal(balance, currency)}`);
    }
    if (balance < -overdraftLimit) found.push(`${where} is beyond the overdraft limit with ${line.balance}`);
    const mismatch =
      line.kind === 'transfer-received' ? takeIncoming(expected, line) : movementMismatch(book, line);
    if (mismatch) found.push(`${where} ${mismatch}`);
    notePair(book.id, line, pairs);
  }
  if (lines.length !== book.entryCount) {
    found.push(`the statement has ${lines.length} entries, the books have ${book.entryCount}`);
  }
  return found;
}

/** What a line changes the balance by; NaN for an amount that is none, which no balance equals. */
function changeOf({ kind, amount }: StatementLine, currency: Currency): number {
  const minorUnits = toMinorUnits(amount, currency) ?? Number.NaN;
  return kind === 'credit' || kind === 'transfer-received' ? minorUnits : -minorUnits;
}

function movementMismatch(book: AccountBook, line: StatementLine): string | undefined {
  const booked = book.movementAt(line.version);
  if (!booked) return `is a ${line.kind} of ${line.amount} that no command was acknowledged for`;
  const { currency } = book.terms;
  const [amount, balance] = [toDecimal(booked.amount, currency), toDecimal(booked.balance, currency)];
  const described = (kind: string, moved: string, counterparty: string | undefined, led: string) =>
    `a ${kind} of ${moved}${counterparty === undefined ? '' : ` to ${counterparty}`} leading to ${led}`;
  const shown = described(line.kind, line.amount, line.counterparty, line.balance);
  const acknowledged = described(booked.kind, amount, booked.counterparty, balance);
  return shown === acknowledged ? undefined : `is ${shown}, acknowledged was ${acknowledged}`;
}

function takeIncoming(expected: Map<string, number>, line: StatementLine): string | undefined {
  const key = `${line.counterparty} ${line.amount}`;
  const left = expected.get(key) ?? 0;
  if (left === 0)
    return `received ${line.amount} from ${line.counterparty}, which no acknowledged transfer sent`;
  expected.set(key, left - 1);
  return undefined;
}

function notePair(id: string, line: StatementLine, pairs: TransferPairs): void {
  const { kind, transferId, amount, counterparty = 'nobody' } = line;
  if (kind === 'transfer-sent') pairs.note(transferId, 'sent', id, counterparty, amount);
  if (kind === 'transfer-received') pairs.note(transferId, 'received', counterparty, id, amount);
}

function tally(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

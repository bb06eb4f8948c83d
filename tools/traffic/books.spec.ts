import { describe, expect, it } from '@jest/globals';
import { AccountBook } from './books.ts';

const terms = { currency: 'USD', overdraftLimit: 0 } as const;
const at = (version: number, balance: number, created = false) => ({ version, balance, created });
const credit = (amount: number) => ({ kind: 'credit', amount }) as const;
const debit = (amount: number) => ({ kind: 'debit', amount }) as const;

/** Opened by a credit of 34.00, debited 18.50, 4.50 received at version 4, credited 10.00. */
function soundBook(): AccountBook {
  const book = new AccountBook('a', terms);
  book.moved(credit(3_400), at(2, 3_400, true));
  book.moved(debit(1_850), at(3, 1_550));
  book.received({ from: 'b', amount: 450 });
  book.moved(credit(1_000), at(5, 3_000));
  return book;
}

describe('AccountBook', () => {
  it('adds up balance and version', () => {
    const book = soundBook();
    expect(book).toMatchObject({ balance: 3_000, version: 5, entryCount: 4, status: 'open', isOpen: true });
    expect(book.findings).toEqual([]);
    expect(book.orderFindings()).toEqual([]);
  });

  it('does not depend on the order in which answers arrive', () => {
    const book = new AccountBook('a', terms);
    book.moved(credit(1_000), at(5, 3_000));
    book.moved(debit(1_850), at(3, 1_550));
    book.received({ from: 'b', amount: 450 });
    book.moved(credit(3_400), at(2, 3_400, true));
    expect(book).toMatchObject({ balance: 3_000, version: 5 });
    expect([...book.findings, ...book.orderFindings()]).toEqual([]);
  });

  it('finds a lost command: the next one got its version', () => {
    const book = soundBook();
    book.moved(debit(100), at(5, 2_900));
    expect(book.findings).toEqual(['version 5 was acknowledged to two commands']);
    expect(book).toMatchObject({ version: 6, balance: 2_900, entryCount: 5 });
  });

  it('finds a doubled command: the balance moved twice', () => {
    const book = new AccountBook('a', terms);
    book.moved(credit(3_400), at(2, 3_400, true));
    book.moved(credit(100), at(4, 3_600));
    expect(book.orderFindings()).toEqual(['1 more versions than acknowledged commands up to version 4']);
    book.received({ from: 'b', amount: 100 });
    expect(book.orderFindings()).toEqual([]);
  });

  it('finds reordered commands: each balance belongs to the other version', () => {
    const book = new AccountBook('a', terms);
    book.moved(credit(3_400), at(2, 3_400, true));
    book.moved(debit(1_000), at(4, 2_400));
    book.moved(credit(500), at(3, 2_900));
    expect(book.orderFindings()).toEqual([
      'a credit of 5.00 led from version 2 with 34.00 to version 3 with 29.00',
      'a debit of 10.00 led from version 3 with 29.00 to version 4 with 24.00',
    ]);
  });

  it('finds a gap that no transfer from elsewhere filled with money', () => {
    const book = new AccountBook('a', terms);
    book.moved(credit(3_400), at(2, 3_400, true));
    book.received({ from: 'b', amount: 450 });
    book.moved(credit(100), at(4, 3_500));
    expect(book.orderFindings()).toEqual([
      'a credit of 1.00 led from version 2 with 34.00 to version 4 with 35.00',
    ]);
  });

  it('finds an account that was opened twice, and one that did not begin at its beginning', () => {
    const book = new AccountBook('a', terms);
    book.opened(at(1, 0, true));
    book.moved(credit(100), at(3, 100, true));
    expect(book.findings).toEqual(['was opened twice', 'opened by its first credit at version 3, not 2']);
    const late = new AccountBook('b', terms);
    late.opened(at(2, 0, true));
    expect(late.findings).toEqual(['opened at version 2 with 0.00']);
  });

  it('closes an account at the end of its stream', () => {
    const book = new AccountBook('a', terms);
    book.moved(credit(100), at(2, 100, true));
    book.moved(debit(100), at(3, 0));
    book.closed(at(4, 0));
    expect(book).toMatchObject({ status: 'closed', version: 4, balance: 0 });
    expect(book.findings).toEqual([]);
    book.closed(at(4, 0));
    expect(book.findings).toEqual(['closed at version 4 with 0.00; the books have version 5']);
  });
});

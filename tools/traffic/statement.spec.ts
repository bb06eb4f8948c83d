import { describe, expect, it } from '@jest/globals';
import { AccountBook } from './books.ts';
import { type StatementLine, statementFindings, TransferPairs } from './statement.ts';

/** Credited 34.00, sent 10.00 to b, received 4.50 from b. */
function book(): AccountBook {
  const sound = new AccountBook('a', { currency: 'USD', overdraftLimit: 0 });
  sound.moved({ kind: 'credit', amount: 3_400 }, { version: 2, balance: 3_400, created: true });
  const sent = { kind: 'transfer-sent', amount: 1_000, counterparty: 'b' } as const;
  sound.moved(sent, { version: 3, balance: 2_400, created: false });
  sound.received({ from: 'b', amount: 450 });
  return sound;
}

const credited: StatementLine = { version: 2, kind: 'credit', amount: '34.00', balance: '34.00' };
const sent: StatementLine = {
  version: 3,
  kind: 'transfer-sent',
  amount: '10.00',
  balance: '24.00',
  counterparty: 'b',
  transferId: 't1',
};
const received: StatementLine = {
  version: 4,
  kind: 'transfer-received',
  amount: '4.50',
  balance: '28.50',
  counterparty: 'b',
  transferId: 't2',
};

const found = (...lines: StatementLine[]) => statementFindings(book(), lines, new TransferPairs());

describe('statementFindings', () => {
  it('finds nothing where statement and books agree', () => {
    expect(found(credited, sent, received)).toEqual([]);
  });

  it('finds a lost entry', () => {
    expect(found(credited, received)).toEqual([
      'entry 4 follows version 2',
      'entry 4 shows 28.50, its amounts add up to 38.50',
      'the statement has 2 entries, the books have 3',
    ]);
  });

  it('finds a doubled entry', () => {
    const doubled = { ...received, version: 5, balance: '33.00' };
    expect(found(credited, sent, received, doubled)).toEqual([
      'entry 5 received 4.50 from b, which no acknowledged transfer sent',
      'the statement has 4 entries, the books have 3',
    ]);
  });

  it('finds an entry that nobody asked for', () => {
    const extra: StatementLine = { version: 5, kind: 'debit', amount: '1.00', balance: '27.50' };
    expect(found(credited, sent, received, extra)).toEqual([
      'entry 5 is a debit of 1.00 that no command was acknowledged for',
      'the statement has 4 entries, the books have 3',
    ]);
  });

  it('finds entries that changed places', () => {
    const early = { ...received, version: 3, balance: '38.50' };
    const late = { ...sent, version: 4, balance: '28.50' };
    expect(found(credited, early, late)).toEqual([
      'entry 4 is a transfer-sent of 10.00 that no command was acknowledged for',
    ]);
  });

  it('finds an entry that says something else than was acknowledged', () => {
    expect(found(credited, { ...sent, counterparty: 'c' }, received)).toEqual([
      'entry 3 is a transfer-sent of 10.00 to c leading to 24.00, acknowledged was a transfer-sent of 10.00 to b leading to 24.00',
    ]);
  });

  it('finds an account beyond its overdraft limit', () => {
    const poor = new AccountBook('p', { currency: 'USD', overdraftLimit: 500 });
    poor.moved({ kind: 'debit', amount: 600 }, { version: 2, balance: -600, created: false });
    const line: StatementLine = { version: 2, kind: 'debit', amount: '6.00', balance: '-6.00' };
    expect(statementFindings(poor, [line], new TransferPairs())).toEqual([
      'entry 2 is beyond the overdraft limit with -6.00',
    ]);
  });
});

describe('TransferPairs', () => {
  it('finds nothing where each transfer has its two ends', () => {
    const pairs = new TransferPairs();
    pairs.note('t1', 'sent', 'a', 'b', '10.00');
    pairs.note('t1', 'received', 'a', 'b', '10.00');
    expect(pairs.findings()).toEqual([]);
  });

  it.each([
    ['without a receiver', ['sent 10.00 from a to b']],
    [
      'received twice',
      ['sent 10.00 from a to b', 'received 10.00 from a to b', 'received 10.00 from a to b'],
    ],
    ['of two amounts', ['sent 10.00 from a to b', 'received 9.99 from a to b']],
    ['to somebody else', ['sent 10.00 from a to b', 'received 10.00 from a to c']],
  ])('finds a transfer %s', (_what, ends) => {
    const pairs = new TransferPairs();
    for (const end of ends) {
      const [side, amount = '', , from = '', , to = ''] = end.split(' ');
      pairs.note('t1', side === 'sent' ? 'sent' : 'received', from, to, amount);
    }
    expect(pairs.findings()).toEqual([`transfer t1 consists of: ${ends.join('; ')}`]);
  });
});

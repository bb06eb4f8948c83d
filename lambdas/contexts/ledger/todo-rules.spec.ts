import { describe, expect, it } from '@jest/globals';
import { decisionsOf, type Happened, itemsAfter, readTable } from '../todo-rules.fixture.ts';
import rules from './todo-rules.ts';

const opened: Happened = ['Ledger:Opened'];
const credited = (amount: number): Happened => ['Ledger:Credited', { amount }];
const debited = (amount: number): Happened => ['Ledger:Debited', { amount }];
const sent = (amount: number): Happened => ['Ledger:TransferSent', { amount }];
const received = (amount: number): Happened => ['Ledger:TransferReceived', { amount }];

describe('the open work of an account', () => {
  it.each([
    { so: 'is empty at zero', events: [opened, credited(5), debited(5)], items: [] },
    {
      so: 'includes settling a negative balance',
      events: [opened, debited(1)],
      items: ['settle-overdraft open'],
    },
    {
      so: 'is one item for any negative balance',
      events: [opened, sent(1), debited(1)],
      items: ['settle-overdraft open'],
    },
    {
      so: 'stays open while the balance is negative',
      events: [opened, debited(10), credited(9)],
      items: ['settle-overdraft open'],
    },
    {
      so: 'is closed at zero',
      events: [opened, debited(10), credited(9), received(1)],
      items: ['settle-overdraft closed'],
    },
    {
      so: 'is a new item the next time',
      events: [opened, debited(1), credited(1), sent(1)],
      items: ['settle-overdraft closed', 'settle-overdraft open'],
    },
  ])('$so', ({ events, items }) => {
    expect(itemsAfter(rules, ...events)).toEqual(items);
  });

  it('cannot be computed from an amount that is not a number', () => {
    expect(() => itemsAfter(rules, ['Ledger:Debited', { amount: 'ten' }])).toThrow(
      'An event has an amount of "ten".',
    );
  });

  it('counts every event that moves money', () => {
    const moving = Object.keys(rules.events).filter((type) => !/:(Opened|Closed)$/.test(type));
    expect(Object.keys(rules.balance).sort()).toEqual(moving.sort());
  });
});

describe('the table of rules and events', () => {
  const events = {
    Opened: opened,
    'Credited all': credited(5),
    'Credited less': credited(4),
    Debited: debited(5),
    Sent: sent(5),
    'Received all': received(5),
    'Received less': received(4),
    Closed: ['Ledger:Closed'] as Happened,
  };
  const histories = [[], [opened], [opened, credited(1)], [opened, debited(5)], [opened, sent(5)]];

  // Only an account with a balance of zero can be closed, so it has no open item.
  it('has a decision for each', () => {
    expect(decisionsOf(rules, events, histories)).toEqual(
      readTable(`
                       | Opened | Credited all | Credited less | Debited | Sent  | Received all | Received less | Closed
      settle-overdraft | -      | closes       | -             | opens   | opens | closes       | -             | -`),
    );
  });
});

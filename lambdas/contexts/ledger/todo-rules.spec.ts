import { describe, expect, it } from '@jest/globals';
import { type Happened, itemsAfter } from '../todo-rules.fixture.ts';
import rules from './todo-rules.ts';

describe('the open work of an account', () => {
  const opened: Happened = ['Ledger:Opened'];
  const credited = (amount: number): Happened => ['Ledger:Credited', { amount }];
  const debited = (amount: number): Happened => ['Ledger:Debited', { amount }];
  const sent = (amount: number): Happened => ['Ledger:TransferSent', { amount }];
  const received = (amount: number): Happened => ['Ledger:TransferReceived', { amount }];

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

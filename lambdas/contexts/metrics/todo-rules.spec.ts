import { describe, expect, it } from '@jest/globals';
import { type Happened, itemsAfter } from '../todo-rules.fixture.ts';
import rules from './todo-rules.ts';

describe('the open work of a metric', () => {
  const created: Happened = ['Metric:Created'];
  const targetSet: Happened = ['Metric:TargetSet'];
  const expired: Happened = ['Metric:Expired'];
  const archived: Happened = ['Metric:Archived'];

  it.each([
    { events: [created], items: ['set-target open'] },
    { events: [created, targetSet], items: ['set-target closed'] },
    { events: [created, archived], items: ['set-target closed'] },
    { events: [created, targetSet, expired], items: ['set-target closed', 'review-expired-metric open'] },
    {
      events: [created, targetSet, expired, targetSet],
      items: ['set-target closed', 'review-expired-metric closed'],
    },
    {
      events: [created, targetSet, expired, archived],
      items: ['set-target closed', 'review-expired-metric closed'],
    },
    {
      events: [created, targetSet, expired, targetSet, expired],
      items: ['set-target closed', 'review-expired-metric closed', 'review-expired-metric open'],
    },
  ])('$items', ({ events, items }) => {
    expect(itemsAfter(rules, ...events)).toEqual(items);
  });
});

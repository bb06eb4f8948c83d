import { describe, expect, it } from '@jest/globals';
import { decisionsOf, type Happened, itemsAfter, readTable } from '../todo-rules.fixture.ts';
import rules from './todo-rules.ts';

const created: Happened = ['Metric:Created'];
const targetSet: Happened = ['Metric:TargetSet'];
const recorded: Happened = ['Metric:ValueRecorded'];
const reached: Happened = ['Metric:TargetReached'];
const expired: Happened = ['Metric:Expired'];
const archived: Happened = ['Metric:Archived'];

describe('the open work of a metric', () => {
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
      events: [created, targetSet, expired, recorded],
      items: ['set-target closed', 'review-expired-metric open'],
    },
    {
      events: [created, targetSet, expired, recorded, reached],
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

describe('the table of rules and events', () => {
  const events = {
    Created: created,
    TargetSet: targetSet,
    ValueRecorded: recorded,
    TargetReached: reached,
    Expired: expired,
    Archived: archived,
  };
  const histories = [[], [created], [created, targetSet], [created, targetSet, expired]];

  // Nothing is left to do when a target is reached, so only an open review is affected.
  it('has a decision for each', () => {
    expect(decisionsOf(rules, events, histories)).toEqual(
      readTable(`
                            | Created | TargetSet | ValueRecorded | TargetReached | Expired | Archived
      set-target            | opens   | closes    | -             | -             | -       | closes
      review-expired-metric | -       | closes    | -             | closes        | opens   | closes`),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { LiveMetric } from './metric.ts';
import { at } from './metrics.fixture.ts';
import { type MetricStatus, statusOf } from './status.ts';

const live: LiveMetric = { status: 'live', createdAt: at(0) };
const target = { value: 1, deadline: at(60), setAt: at(10) };
const pending: LiveMetric = { ...live, target: { ...target, outcome: 'pending' } };
const reached: LiveMetric = { ...live, target: { ...target, outcome: 'reached', reachedAt: at(20) } };
const expired: LiveMetric = { ...live, target: { ...target, outcome: 'expired' } };

describe('the status of a metric', () => {
  it.each<[what: string, LiveMetric, now: string, MetricStatus]>([
    ['without a target', live, at(99), 'untargeted'],
    ['with a pending target', pending, at(20), 'active'],
    ['at the deadline', pending, at(60), 'active'],
    ['after the deadline, before any sweep', pending, at(60, 1), 'expired'],
    ['with an expired target', expired, at(60, 1), 'expired'],
    ['with an expired target, by a clock that lags', expired, at(59), 'expired'],
    ['with a reached target', reached, at(30), 'successful'],
    ['with a reached target, after its deadline', reached, at(99), 'successful'],
    ['that is archived', { ...live, status: 'archived' }, at(99), 'archived'],
    ['that is archived, with a target', { ...pending, status: 'archived' }, at(99), 'archived'],
    ['that is archived, successful', { ...reached, status: 'archived' }, at(99), 'archived'],
  ])('%s', (_what, metric, now, status) => {
    expect(statusOf(metric, now)).toBe(status);
  });
});

import { describe, expect, it } from '@jest/globals';
import { type MetricStep, metricSteps, plannedValue, plannedValues } from './metrics-plan.ts';
import { seededRandom } from './random.ts';

function steps(seed: number, metrics: number, count = 5_000): MetricStep[] {
  const plan = metricSteps(seed, metrics);
  return Array.from({ length: count }, () => plan.next().value);
}

describe('metricSteps', () => {
  it('plans the same for the same seed', () => {
    expect(steps(5, 100)).toEqual(steps(5, 100));
    expect(steps(5, 100)).not.toEqual(steps(6, 100));
  });

  it('plans every kind of step', () => {
    const kinds = new Set(steps(1, 100).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'archive',
      'bad-value',
      'before-creation',
      'brief-metric',
      'brief-target',
      'deadline-passed',
      'fresh-read',
      'in-the-future',
      'reach',
      'repeat',
      'reused-key',
      'stale-version',
      'target',
      'unknown-metric',
      'value',
      'values',
    ]);
  });

  it.each([1, 3, 50])('names one of %i metrics', (metrics) => {
    const named = new Set(steps(3, metrics).map(({ metric }) => metric));
    expect([...named].sort((a, b) => a - b)).toEqual(Array.from({ length: metrics }, (_, index) => index));
  });

  it('makes a few metrics hot', () => {
    const all = steps(2, 1_000);
    expect(all.filter(({ metric }) => metric < 4).length / all.length).toBeGreaterThan(0.15);
  });
});

describe('planned values', () => {
  it('are measured now, a moment ago, or at any time since the metric began', () => {
    const random = seededRandom(1);
    const planned = Array.from({ length: 1_000 }, () => plannedValue(random).ofLife);
    const share = (isMeant: (ofLife: number | undefined) => boolean) => planned.filter(isMeant).length;
    expect(share((ofLife) => ofLife === undefined)).toBeGreaterThan(500);
    expect(share((ofLife) => ofLife === 1)).toBeGreaterThan(100);
    expect(share((ofLife) => ofLife !== undefined && ofLife < 1)).toBeGreaterThan(100);
  });

  it('come in lists of several', () => {
    const random = seededRandom(1);
    const counts = Array.from({ length: 1_000 }, () => plannedValues(random).length);
    expect(Math.min(...counts)).toBe(2);
    expect(Math.max(...counts)).toBe(40);
  });
});

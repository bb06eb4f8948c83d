import { describe, expect, it } from '@jest/globals';
import { MetricBook, type MetricEffect } from './metric-book.ts';

const now = { earliestMs: 0, latestMs: 1 };
const book = () => new MetricBook('m', { name: 'Spec' }, 0);
const target = (value: number): MetricEffect => ({ kind: 'target', value, deadlineMs: 100 });
const at = (version: number) => ({ version, status: 'active', value: undefined, now }) as const;

describe('MetricBook', () => {
  it('puts commands in the order of their versions, whatever the order of the answers', () => {
    const metric = book();
    metric.book({ effect: target(2), ...at(5) });
    metric.book({ effect: { kind: 'values', values: [{ value: 1 }, { value: 2 }] }, ...at(4) });
    metric.book({ effect: target(1), ...at(2) });
    expect(metric.commands.map(({ version }) => version)).toEqual([2, 4, 5]);
    expect(metric).toMatchObject({ version: 5, target: target(2), valueCount: 2, findings: [] });
  });

  it.each([1, 2])('finds version %i acknowledged once too often', (version) => {
    const metric = book();
    metric.book({ effect: target(1), ...at(2) });
    metric.book({ effect: target(2), ...at(version) });
    expect(metric.findings).toEqual([`version ${version} was acknowledged to two commands`]);
    expect(metric.commands).toHaveLength(2);
  });

  it('never gives the same value twice', () => {
    const metric = book();
    const values = [12, 12, -12, -12, 0, 0, 13].map((whole) => metric.newValue(whole));
    expect(new Set(values).size).toBe(values.length);
    expect(values).toEqual([12.000001, 12.000002, -12.000003, -12.000004, 0.000005, 0.000006, 13.000007]);
  });
});

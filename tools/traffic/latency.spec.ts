import { describe, expect, it } from '@jest/globals';
import { LatencyHistogram } from './latency.ts';

function histogramOf(durationsMs: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const durationMs of durationsMs) histogram.record(durationMs);
  return histogram;
}

describe('LatencyHistogram', () => {
  it('knows percentiles to 1 %, whatever the order', () => {
    const histogram = histogramOf(Array.from({ length: 1_000 }, (_, index) => ((index * 7) % 1_000) + 1));
    for (const [percent, exactMs] of [
      [50, 500],
      [99, 990],
      [99.9, 999],
    ] as const) {
      expect(histogram.percentileMs(percent)).toBeGreaterThanOrEqual(exactMs * 0.999);
      expect(histogram.percentileMs(percent)).toBeLessThanOrEqual(exactMs * 1.0101);
    }
    expect(histogram.count).toBe(1_000);
  });

  it('knows the longest exactly', () => {
    const histogram = histogramOf([3, 1_234.5, 2]);
    expect(histogram.maxMs).toBe(1_234.5);
    expect(histogram.percentileMs(100)).toBe(1_234.5);
  });

  it('takes the nearest rank: one slow request of a hundred is beyond p99, two are not', () => {
    const fast = Array.from({ length: 98 }, () => 1);
    expect(histogramOf([...fast, 1, 500]).percentileMs(99)).toBeLessThan(1.02);
    expect(histogramOf([...fast, 500, 500]).percentileMs(99)).toBeGreaterThan(495);
  });

  it('is 0 without any request, and takes the very short', () => {
    expect(histogramOf([]).percentileMs(99)).toBe(0);
    expect(histogramOf([]).maxMs).toBe(0);
    expect(histogramOf([0]).percentileMs(50)).toBe(0);
  });
});

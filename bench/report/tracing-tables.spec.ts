import { describe, expect, it } from '@jest/globals';
import type { TracingFigures } from '../tracing/figures.ts';
import { joinedTracing } from '../tracing/joined.ts';
import { tracingText } from './tracing-tables.ts';

const counts = { requests: 0, spansDropped: 0, warnings: 0 };

const figures: TracingFigures = {
  cost: [
    {
      what: 'credit',
      average: 'median',
      results: [
        { name: 'off', samplesMs: [10, 100, 12] },
        { name: 'OTLP', samplesMs: [11, 120, 15] },
      ],
    },
    {
      what: 'credit, time of processors',
      average: 'mean',
      results: [
        { name: 'off', samplesMs: [1, 2, 3] },
        { name: 'OTLP', samplesMs: [1, 1, 1] },
      ],
    },
  ],
  exports: {
    ...{ creditSpans: 6, creditBytes: 4_000 },
    ...{ starts: { arrived: 2, all: 2 }, credits: { arrived: 2, all: 3 } },
  },
  bundles: [{ name: 'OTLP', bytes: 100_000, loadMs: [16, 20, 30] }],
  bundleBytes: 1_200_000,
  failures: [
    { name: 'no tracing', samplesMs: [10, 10, 120], ...counts },
    { name: 'slow', samplesMs: [115, 10, 125], requests: 1, spansDropped: 18, warnings: 1 },
  ],
  failureSeconds: 40,
};

describe('the tables of tracing', () => {
  const lines = tracingText(figures).split('\n');

  it('compare each turn by itself, and the mean of what is a sum', () => {
    // Turns: 1.1, 1.2 and 1.25 times as long; 1, 20 and 3 ms more.
    expect(lines).toContain('| credit | 12 ms | 15 ms (1.20 ×, +3) |');
    expect(lines).toContain('| credit, time of processors | 2 ms | 1 ms (0.50 ×, −1) |');
  });

  it('show what arrived, and what an adapter adds', () => {
    expect(lines).toContain(
      'OTLP exports a warm credit as 6 spans in a request of 4,000 bytes. Spans arrived of 2 of 2 starts, and of 2 of 3 credits.',
    );
    expect(lines).toContain('| OTLP | 100 KB | 20 ms (16 to 30) |');
  });

  it('count the commands that waited for their receiver, beside those of the same turn without one', () => {
    expect(lines).toContain('| slow | 115 ms | 125 ms | 125 ms | 11.50 × | 1.04 × | 1 | 1 | 18 | 1 |');
  });

  it('have the samples of all runs', () => {
    const joined = joinedTracing(figures, figures);
    expect(joined.cost[0]?.results[1]?.samplesMs).toEqual([11, 120, 15, 11, 120, 15]);
    expect(joined.failures[1]).toMatchObject({ requests: 2, spansDropped: 36, warnings: 2 });
    expect(joined.exports.credits).toEqual({ arrived: 4, all: 6 });
    expect(joined.bundles[0]?.loadMs).toHaveLength(6);
    expect(joined.failureSeconds).toBe(80);
  });
});

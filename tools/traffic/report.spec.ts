import { describe, expect, it } from '@jest/globals';
import { RunCounts } from './counts.ts';
import { isClean, type RunResult, reportLines } from './report.ts';

function result(changes: Partial<RunResult> = {}): RunResult {
  const counts = new RunCounts();
  counts.committed = 3;
  counts.noteAnswer(200, 20);
  return {
    counts,
    laterCounts: new RunCounts(),
    eventCount: 1_000,
    trafficMs: 2_000,
    caughtUp: { tookMs: 400, missing: undefined },
    holdings: ['3 accounts with 4 entries'],
    differences: [],
    ...changes,
  };
}

describe('the report', () => {
  it('gives the figures and says that all is there', () => {
    const text = reportLines(result()).join('\n');
    expect(text).toMatch(/^Throughput +500 events\/s, 1 requests\/s$/m);
    expect(text).toMatch(/^Latency +p50 20.0 ms, p99 20.0 ms, max 20.0 ms$/m);
    expect(text).toMatch(/^Read model +caught up 0\.4 s after the last answer$/m);
    expect(text).toMatch(/^No difference: every acknowledged command is there, once\.$/m);
    expect(isClean(result())).toBe(true);
  });

  it('gives every context a line of its own', () => {
    const lines = reportLines(result({ holdings: ['ledger: 3 accounts', 'metrics: 4 metrics'] }));
    const first = lines.indexOf('Compared     ledger: 3 accounts');
    expect(lines[first + 1]).toBe('             metrics: 4 metrics');
  });

  it('prints differences, the first twenty of them', () => {
    const differences = Array.from({ length: 25 }, (_, index) => `difference ${index}`);
    const unclean = result({ differences });
    const lines = reportLines(unclean);
    expect(isClean(unclean)).toBe(false);
    expect(lines).toEqual(expect.arrayContaining(['Differences: 25', '  difference 19', '  ... and 5 more']));
    expect(lines).not.toContain('  difference 20');
    expect(lines.join()).not.toContain('No difference');
  });

  it('fails a run with an unexpected answer', () => {
    const unclean = result();
    unclean.counts.noteUnexpected('500');
    expect(isClean(unclean)).toBe(false);
    expect(reportLines(unclean)).toContain('Unexpected answers: 1');
  });

  it('fails a run whose read model does not catch up', () => {
    const unclean = result({ caughtUp: { tookMs: 60_000, missing: '1 of 2 rows are out of date' } });
    expect(isClean(unclean)).toBe(false);
    expect(reportLines(unclean).join('\n')).toMatch(/NOT caught up after 60\.0 s: 1 of 2 rows/);
  });
});

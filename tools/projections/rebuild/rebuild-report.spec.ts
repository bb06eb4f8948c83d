import { describe, expect, it } from '@jest/globals';
import { type RebuildReport, rebuildLines, rebuildOutcome } from './rebuild-report.ts';

const total = { events: 0, streams: 0, rows: 0, lines: 0, caughtUp: 0, differences: {}, parked: 0 };
const report: RebuildReport = {
  ...{ readModel: 'ledger', generation: 'g2', before: 'g1', previous: 'g1', resumed: false, switched: true },
  folded: { ...total, events: 100_000, streams: 1_000, rows: 1_000, lines: 90_000 },
  foldSeconds: 4,
  eventsOfThisRun: 100_000,
  compared: { ...total, rows: 1_001, caughtUp: 3, differences: { name: 2, balance: 1 } },
  seconds: 42.04,
};

describe('the report of a rebuild', () => {
  it('has what was done, the speed, the differences by field, and what to do next', () => {
    expect(rebuildLines(report)).toEqual([
      'ledger: g2 is built and active, after 42.0 s.',
      '  Folded 100,000 events of 1,000 streams in 4.0 s (25,000 events/s).',
      '  Wrote 1,000 rows and 90,000 lines.',
      '  Compared 1,001 rows; 3 were behind and were caught up.',
      '  Rows of g2 that differ from g1, by field: balance 1, name 2. A changed projection does that.',
      'Back to g1: npm run projections -- undo ledger',
      'When all is well, delete it: npm run projections -- drop ledger',
    ]);
    expect(rebuildOutcome([report]).code).toBe(0);
  });

  it('measures the speed of this run only, and says what an earlier one did', () => {
    expect(rebuildLines({ ...report, eventsOfThisRun: 20_000 })[1]).toBe(
      '  Folded 100,000 events of 1,000 streams in 4.0 s (5,000 events/s). This run has folded 20,000 of the events.',
    );
    const { folded: _, ...rest } = report;
    expect(rebuildLines({ ...rest, resumed: true })[1]).toBe('  The log was folded by an earlier run.');
    expect(rebuildLines(rest)[1]).toMatch(/^ {2}Compared/);
  });

  it('says why a generation is not active, and ends with 1', () => {
    const parked = { ...report, switched: false, compared: { ...total, parked: 2 } };
    expect(rebuildLines(parked).join('\n')).toContain(
      [
        '  No row differs from g1.',
        '  2 streams cannot be folded to their end. They are parked: docs/runbook.md#redrive-parked-streams',
        'g2 is not active, because streams of it cannot be folded to their end.',
        'Make it active: npm run projections -- switch ledger',
      ].join('\n'),
    );
    expect(rebuildOutcome([report, parked]).code).toBe(1);
    expect(rebuildLines({ ...report, switched: false }).join('\n')).toContain('g2 is not active.\n');
  });
});

import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../tools/host/user-error.ts';
import { withReport } from './documentation.ts';
import { rowsTable, sizesTable } from './table.ts';

const lastLine = (table: string) => table.split('\n').at(-1);

describe('a line of the table', () => {
  const units = { read: 28, write: 0 };

  it('compares each turn by itself, and takes the middle of the ratios', () => {
    // The second turn ran while the machine was ten times as slow.
    const ours = { name: 'full replay', samplesMs: [10, 100, 11], units };
    const beside = { name: 'Castore', samplesMs: [20, 210, 22], units: undefined };
    const row = { group: 'hydrate', what: ours.name, events: 1_000, ours, beside } as const;
    const [median, theirs] = ['11 ms (10 to 100)', '22 ms (20 to 210)'];
    expect(lastLine(rowsTable([{ ...row, compared: 'speed' }]))).toBe(
      `| full replay | 1,000 | ${median} | Castore | ${theirs} | 2.00 × the speed | 28 r | not reported |`,
    );
    expect(lastLine(rowsTable([{ ...row, compared: 'time' }]))).toContain('| 0.50 × the time |');
  });

  it('shows rates of runs that handle different numbers of items', () => {
    const ours = { name: 'write', samplesMs: [1_000], count: 5_000, units };
    const beside = { name: 'bare', samplesMs: [100], count: 1_000, units };
    expect(
      lastLine(
        rowsTable([{ group: 'rebuild', what: 'write', events: 5_000, ours, beside, compared: 'speed' }]),
      ),
    ).toBe('| write | 5,000 | 5,000 /s | bare | 10,000 /s | 0.50 × the speed | 28 r | 28 r |');
  });

  it('shows sizes for one event', () => {
    expect(lastLine(sizesTable([{ what: 'in the log', events: 4, bytes: 2_010 }]))).toBe(
      '| in the log | 4 | 503 |',
    );
  });
});

describe('the table in the documentation', () => {
  it('replaces what is between the markers', () => {
    const text = 'before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n';
    expect(withReport(text, 'new')).toBe(
      'before\n<!-- bench: begin -->\n\nnew\n\n<!-- bench: end -->\nafter\n',
    );
  });

  it('is refused without a marker', () => {
    expect(() => withReport('<!-- bench: begin -->', 'new')).toThrow(
      new UserError('docs/performance.md has no line "<!-- bench: end -->".'),
    );
  });
});

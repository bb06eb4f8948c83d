import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Extent, runOnce } from './bench.ts';
import { groupNames } from './measure/row.ts';
import { type Report, reportText } from './report/report.ts';

const few = { warmUps: 0, counted: 2 };
const tiny: Extent = {
  hydrate: [4, 1_100],
  hydrateRepetitions: () => few,
  appendRepetitions: few,
  encryptRepetitions: few,
  rebuild: [200, 400],
  rebuildRepetitions: () => few,
  tracingRepetitions: { starts: few, warm: few, failing: few },
};

/** Durations are not compared with anything: this machine may be busy. */
describe('a run of the bench without Castore', () => {
  let report: Report;
  const linesOf = (group: string) => {
    const rows = report.rows.filter((row) => row.group === group);
    return rows.map(({ what, events, beside }) => [what, events, beside?.name]);
  };

  beforeAll(async () => {
    const options = { dynamodbUrl: undefined, withCastore: false, say: () => undefined };
    report = await runOnce({ ...options, groups: groupNames, extent: tiny });
  });

  it('reads accounts of each length, and those with segments from them too', () => {
    expect(linesOf('hydrate')).toEqual([
      ['full replay', 4, undefined],
      ['by snapshot', 4, undefined],
      ['?version= in the middle', 4, undefined],
      ['full replay', 1_100, undefined],
      ['full replay, sealed', 1_100, undefined],
      ['by snapshot', 1_100, undefined],
      ['?version= in the middle', 1_100, undefined],
      ['?version= in the middle, sealed', 1_100, undefined],
    ]);
  });

  it('appends beside bare calls', () => {
    expect(linesOf('append')).toEqual([
      ['append of one event', 1, 'bare conditional put'],
      ['append of ten events', 10, 'bare conditional put'],
      ['append of a transfer', 2, 'bare transaction of two puts'],
      ['command with a key', 1, 'bare query and conditional put'],
    ]);
  });

  it('encrypts beside the same without encryption, or with keys in memory', () => {
    expect(linesOf('encrypt')).toEqual([
      ['command, key in memory', 1, 'without encryption'],
      ['command, key in the table', 1, 'without encryption'],
      ['first command, new key', 1, 'without encryption'],
      ['page of 100 rows, keys in the table', 100, 'keys in memory'],
    ]);
  });

  it('rebuilds beside bare calls', () => {
    expect(linesOf('rebuild')).toEqual([
      ['rebuild: fold', 200, 'bare scan of the log'],
      ['rebuild: rows and lines written', 200, 'bare BatchWriteItem'],
      ['rebuild: fold', 400, 'bare scan of the log'],
      ['rebuild: rows and lines written', 400, 'bare BatchWriteItem'],
    ]);
  });

  it('has the samples and the units of every line', () => {
    for (const { ours } of report.rows) {
      expect(ours.samplesMs).toHaveLength(2);
      expect((ours.units?.read ?? 0) + (ours.units?.write ?? 0)).toBeGreaterThan(0);
    }
    const bySnapshot = report.rows.filter(({ what }) => what === 'by snapshot');
    // The snapshot and the commit that it ends with, at any length.
    expect(bySnapshot.map(({ ours }) => ours.units)).toEqual([
      { read: 1.5, write: 0 },
      { read: 3, write: 0 },
    ]);
  });

  it('has the sizes of the longest account', () => {
    expect(report.sizes.map(({ what, events }) => [what, events])).toEqual([
      ['in the log, one event a commit', 1_099],
      ['again in segments, with rows', 1_000],
    ]);
  });

  it('starts the function and sends requests with each adapter', () => {
    const names = ['off', 'X-Ray', 'X-Ray, not sampled', 'OTLP', 'OTLP, not sampled'];
    const { cost = [] } = report.tracing ?? {};
    expect(cost.map(({ what }) => what)).toEqual([
      'start: load',
      'start: load and first credit',
      'the same, time of processors',
      'credit',
      'credit, time of processors',
      'read of one event',
      'read, time of processors',
    ]);
    for (const { results } of cost) {
      expect(results.map(({ name, samplesMs }) => [name, samplesMs.length])).toEqual(
        names.map((name) => [name, few.counted]),
      );
    }
  });

  it('knows what the adapters add to the bundle', () => {
    const { bundles = [], bundleBytes = 0 } = report.tracing ?? {};
    expect(bundles.map(({ name, loadMs }) => [name, loadMs.length])).toEqual([
      ['X-Ray', few.counted],
      ['OTLP', few.counted],
    ]);
    for (const { bytes } of bundles) {
      expect(bytes).toBeGreaterThan(10_000);
      expect(bytes).toBeLessThan(bundleBytes / 2);
    }
  });

  it('sends commands while receivers fail: their spans are dropped, and a warning says so', () => {
    const [off, works, ...failing] = report.tracing?.failures ?? [];
    expect(off).toMatchObject({ name: 'no tracing', requests: 0, spansDropped: 0, warnings: 0 });
    expect(works?.name).toBe('works');
    expect(failing.map(({ name, warnings }) => [name, warnings])).toEqual([
      ['refuses', 1],
      ['slow', 1],
      ['answers 500', 1],
      ['answers garbage', 1],
    ]);
    for (const { samplesMs, spansDropped } of failing) {
      expect(samplesMs).toHaveLength(few.counted);
      expect(spansDropped).toBeGreaterThan(0);
    }
  });

  it('is a table, and JSON', () => {
    expect(reportText(report)).toContain('| answers garbage | ');
    expect(reportText(report)).toContain('| rebuild: fold | 400 | ');
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

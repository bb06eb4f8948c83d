import { describe, expect, it } from '@jest/globals';
import { telemetryDimensions, telemetryNamespace, telemetryUnits } from '../../../schema/telemetry.ts';
import { emfValues } from './emf.ts';
import { MetricTotals } from './metric-totals.ts';

/** As functions write it: see `lambdas/runtime/invocation-telemetry.ts`. */
function emfLine(values: Readonly<Record<string, number | number[]>>, service = 'api') {
  const metrics = Object.keys(values).map((Name) => ({
    Name,
    Unit: (telemetryUnits as Readonly<Record<string, string>>)[Name],
  }));
  const directive = { Namespace: telemetryNamespace, Dimensions: [telemetryDimensions], Metrics: metrics };
  return { _aws: { Timestamp: 1, CloudWatchMetrics: [directive] }, service, stage: 'local', ...values };
}

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const attributes = [text('stage', 'local'), text('service', 'api')];

function totalsOf(...lines: readonly object[]): MetricTotals {
  const totals = new MetricTotals(1_000);
  for (const line of lines) for (const value of emfValues(line as never)) totals.add('app-api', value);
  return totals;
}

const taken = (totals: MetricTotals) => totals.take(2_000).metrics.map(({ metric }) => metric);
const sum = (name: string, asInt: string) => {
  const point = { startTimeUnixNano: '1000000000', timeUnixNano: '2000000000', asInt, attributes };
  return { name, unit: '1', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] } };
};
const gauge = (name: string, asDouble: number) => ({
  ...{ name, unit: 'ms' },
  gauge: { dataPoints: [{ timeUnixNano: '2000000000', asDouble, attributes }] },
});

describe('the metrics of functions, as OTLP', () => {
  it('are sums of counts since the start, and the highest of other values', () => {
    const totals = totalsOf(
      emfLine({ Commands: 3, PublishLag: 250 }),
      emfLine({ Commands: 2, PublishLag: 40 }),
    );
    expect(totals.take(2_000).metrics).toMatchObject([
      { source: 'app-api', namespace: 'Streamfold', metric: sum('Commands', '5') },
      { source: 'app-api', namespace: 'Streamfold', metric: gauge('PublishLag', 250) },
    ]);
  });

  it('are sent when they change, with the whole sum, and the newest of other values', () => {
    const totals = totalsOf(emfLine({ Commands: 3, Conflicts: 1, PublishLag: 250 }));
    expect(taken(totals)).toHaveLength(3);
    expect([totals.haveChanged, taken(totals)]).toEqual([false, []]);
    for (const value of emfValues(emfLine({ Commands: 4, PublishLag: 7 }))) totals.add('app-api', value);
    expect(taken(totals)).toEqual([sum('Commands', '7'), gauge('PublishLag', 7)]);
  });

  it('are sent again if they were not received', () => {
    const totals = totalsOf(emfLine({ Commands: 3 }));
    totals.take(2_000).giveBack();
    expect(totals.haveChanged).toBe(true);
    expect(taken(totals)).toEqual([sum('Commands', '3')]);
  });

  it('keep the highest value of a request that was not received, also if a lower one has come since', () => {
    const totals = totalsOf(emfLine({ PublishLag: 250 }));
    const { giveBack } = totals.take(2_000);
    for (const value of emfValues(emfLine({ PublishLag: 40 }) as never)) totals.add('app-api', value);
    giveBack();
    expect(taken(totals)).toEqual([gauge('PublishLag', 250)]);
  });

  it('are apart for each function and each value of a dimension', () => {
    const totals = totalsOf(emfLine({ Commands: 1 }), emfLine({ Commands: 1 }, 'other'));
    for (const value of emfValues(emfLine({ Commands: 1 }))) totals.add('app-other', value);
    expect(taken(totals)).toHaveLength(3);
  });

  it('are bounded in number', () => {
    const totals = new MetricTotals(0);
    const value = { namespace: 'A', unit: 'Count', dimensions: {}, value: 1 };
    for (let name = 0; name < 3_000; name += 1) totals.add('f', { ...value, name: String(name) });
    expect(totals.take(1).metrics).toHaveLength(2_000);
  });

  it('have every value of a list', () => {
    expect(taken(totalsOf(emfLine({ Commands: [1, 2] })))).toEqual([sum('Commands', '3')]);
  });

  it.each([
    ['no directives', { _aws: {} }],
    ['directives that are no list', { _aws: { CloudWatchMetrics: {} } }],
    ['a directive that is null', { _aws: { CloudWatchMetrics: [null] } }],
    [
      'a name that is an object',
      { _aws: { CloudWatchMetrics: [{ Namespace: 'A', Metrics: [{ Name: {} }] }] } },
    ],
    [
      'a value that is text',
      { _aws: { CloudWatchMetrics: [{ Namespace: 'A', Metrics: [{ Name: 'a' }] }] }, a: '1' },
    ],
    [
      'a dimension that is an object',
      { _aws: { CloudWatchMetrics: [{ Namespace: 'A', Dimensions: [[{ toString: 1 }]], Metrics: [] }] } },
    ],
  ])('are none in a line with %s', (_, line) => {
    expect(taken(totalsOf(line))).toEqual([]);
  });
});

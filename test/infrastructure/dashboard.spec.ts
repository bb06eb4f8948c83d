import { beforeAll, describe, expect, it } from '@jest/globals';
import { telemetryUnits } from '../../schema/telemetry.ts';
import { resources, templateOf } from '../support/synthesized.ts';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly alarms?: readonly string[];
  };
}

let widgets: Widget[];
beforeAll(() => {
  const [[, { Properties }] = ['', { Properties: {} }]] = resources(
    templateOf('prod'),
    'AWS::CloudWatch::Dashboard',
  );
  const body = (Properties as Record<string, { 'Fn::Join': [string, unknown[]] }>)['DashboardBody'];
  const parts = body?.['Fn::Join'][1] ?? [];
  // What only a deployment knows is named by its logical id.
  const text = parts.map((part) => (typeof part === 'string' ? part : logicalIdOf(part))).join('');
  widgets = JSON.parse(text).widgets;
});

function logicalIdOf(reference: unknown): string {
  const [name] = Object.values(reference as Record<string, string | readonly string[]>).flat();
  return String(name).replace(/[0-9A-F]{8}$/, '');
}

/** `label: name` for what a function sends or AWS keeps; expressions by their label alone. */
function shownIn({ properties }: Widget): string[] {
  return (properties.metrics ?? []).flatMap((metric) => {
    const options = metric.at(-1) as { label?: string; visible?: boolean; expression?: string };
    if (options.visible === false) return [];
    return options.expression ? [`${options.label}`] : [`${options.label}: ${metric[1]}`];
  });
}

describe('the dashboard', () => {
  it('asks in rows what whoever runs the stage asks', () => {
    const texts = widgets.filter(({ type }) => type === 'text');
    expect(texts.map(({ properties }) => properties.markdown?.split('\n')[0])).toEqual([
      '## Is anything wrong?',
      '## Do commands get through?',
      '## Do read models follow?',
      '## Do queues keep up?',
      '## Do the parts work?',
      '## What does it cost?',
    ]);
    for (const { properties, width } of texts) {
      expect(properties.markdown).toMatch(/^## .*\?\n[A-Z].*\.$/);
      expect(width).toBe(24);
    }
  });

  it('fills every line, and lays no widget over another', () => {
    const lines = Map.groupBy(widgets, ({ y }) => y);
    for (const line of lines.values()) {
      expect(line.reduce((sum, { width }) => sum + width, 0)).toBe(24);
      expect(new Set(line.map(({ height }) => height)).size).toBe(1);
    }
  });

  it('shows every alarm', () => {
    const [status] = widgets.filter(({ type }) => type === 'alarm');
    expect(status?.properties.alarms).toHaveLength(44);
  });

  it('shows these metrics and no other', () => {
    const functions = [
      'api',
      'prescription-analyzer',
      'metrics-sweeper',
      'publisher',
      'ledger-projector',
      'metrics-projector',
      'dispense-projector',
      'todo-projector',
    ];
    const deciders = functions.slice(0, 3);
    const [publisher = '', ...projectors] = functions.slice(3);
    const tables = ['event log', 'snapshots', 'ledger', 'metrics', 'dispense', 'todo', 'control', 'parked'];
    const each = (labels: readonly string[], name: string) => labels.map((label) => `${label}: ${name}`);
    const shown = widgets
      .filter(({ type }) => type === 'metric')
      .map((widget) => [widget.properties.title ?? '', shownIn(widget)]);
    expect(Object.fromEntries(shown)).toEqual({
      Commands: each(deciders, 'Commands'),
      'Refusals, repeats, conflicts': [
        ...deciders.map((name) => `${name} refused: Refusals`),
        ...deciders.map((name) => `${name} repeated: RepeatedCommands`),
        ...deciders.map((name) => `${name} conflicts: Conflicts`),
      ],
      'Latency of the API (ms)': each(['p50', 'p90', 'p99'], 'Latency'),
      'Errors of the API': ['the caller’s (4xx): 4xx', 'ours (5xx): 5xx'],
      'Lag, longest (ms)': [
        'publisher published: PublishLag',
        ...projectors.map((name) => `${name} projected: ProjectionLag`),
      ],
      'Age of what streams bring (ms)': each([publisher, ...projectors.slice(0, 3)], 'IteratorAge'),
      Parked: each([publisher, ...projectors], 'Parked'),
      'Age of the oldest message (s)': each(['todo', 'analysis'], 'ApproximateAgeOfOldestMessage'),
      'Messages that wait': each(['todo', 'analysis'], 'ApproximateNumberOfMessagesVisible'),
      'Given up': each(['todo', 'analysis', 'batches of streams'], 'ApproximateNumberOfMessagesVisible'),
      'Errors of functions': each(functions, 'Errors'),
      'Throttles of functions': each(functions, 'Throttles'),
      'Throttles of tables and of the event stream': [
        'event log, writes: WriteThrottleEvents',
        'event log, reads: ReadThrottleEvents',
        ...each(['ledger', 'metrics', 'dispense', 'todo'], 'ThrottledRequests'),
        'event stream: WriteProvisionedThroughputExceeded',
      ],
      'Write units': each(tables, 'ConsumedWriteCapacityUnits'),
      'Read units': each(tables, 'ConsumedReadCapacityUnits'),
      'GB-seconds of functions': functions,
      Invocations: each(functions, 'Invocations'),
      'Requests to the API': ['requests: Count'],
      'Bytes into the event stream': ['bytes: IncomingBytes'],
      'Bytes into logs': each(
        [
          'Api Api',
          'Api HttpApi',
          'Publisher Publisher',
          'LedgerProjector Projector',
          'MetricsProjector Projector',
          'DispenseProjector Projector',
          'TodoProjector Projector',
          'PrescriptionAnalyzer Analyzer',
          'MetricsSweeper Sweeper',
        ],
        'IncomingBytes',
      ),
    });
  });

  it('shows every metric that functions send', () => {
    const sent = widgets.flatMap(({ properties }) =>
      (properties.metrics ?? []).filter(([namespace]) => namespace === 'Streamfold'),
    );
    expect(new Set(sent.map(([, name]) => name))).toEqual(new Set(Object.keys(telemetryUnits)));
  });
});

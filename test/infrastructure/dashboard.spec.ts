import { beforeAll, describe, expect, it } from '@jest/globals';
import { aggregateNames, contextNames, queueNames } from '../../schema/contexts.ts';
import { constructName } from '../../schema/names.ts';
import { publishedCounter, telemetryUnits } from '../../schema/telemetry.ts';
import { deciders, queueProjectors, streamConsumers, streamProjectors, tables } from '../support/deployed.ts';
import { logicalIdOf, resources, templateOf } from '../support/synthesized.ts';

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
let alarms: number;
beforeAll(() => {
  const template = templateOf('prod');
  alarms = resources(template, 'AWS::CloudWatch::Alarm').length;
  const [[, { Properties }] = ['', { Properties: {} }]] = resources(template, 'AWS::CloudWatch::Dashboard');
  const body = (Properties as Record<string, { 'Fn::Join': [string, unknown[]] }>)['DashboardBody'];
  const parts = body?.['Fn::Join'][1] ?? [];
  // A reference is a value that only a deployment knows: the text gets its logical id instead.
  const text = parts.map((part) => (typeof part === 'string' ? part : logicalIdOf(part))).join('');
  widgets = JSON.parse(text).widgets;
});

/** `label: name` for each metric; the label alone for expressions. */
function shownIn({ properties }: Widget): string[] {
  return (properties.metrics ?? []).flatMap((metric) => {
    const options = metric.at(-1) as { label?: string; visible?: boolean; expression?: string };
    if (options.visible === false) return [];
    return options.expression ? [`${options.label}`] : [`${options.label}: ${metric[1]}`];
  });
}

describe('the dashboard', () => {
  it('has a row for each question of operators', () => {
    const texts = widgets.filter(({ type }) => type === 'text');
    expect(texts.map(({ properties }) => properties.markdown?.split('\n')[0])).toEqual([
      '## Is anything wrong?',
      '## Do commands succeed?',
      '## Are read models up to date?',
      '## Do queues keep up?',
      '## Do functions and tables work?',
      '## What does it cost?',
    ]);
    for (const { properties, width } of texts) {
      expect(properties.markdown).toMatch(/^## .*\?\n[A-Z].*\.$/);
      expect(width).toBe(24);
    }
  });

  it('fills every line, and widgets do not overlap', () => {
    const lines = Map.groupBy(widgets, ({ y }) => y);
    for (const line of lines.values()) {
      expect(line.reduce((sum, { width }) => sum + width, 0)).toBe(24);
      expect(new Set(line.map(({ height }) => height)).size).toBe(1);
    }
  });

  it('shows every alarm', () => {
    const [status] = widgets.filter(({ type }) => type === 'alarm');
    expect(alarms).toBeGreaterThan(40);
    expect(new Set(status?.properties.alarms).size).toBe(alarms);
  });

  it('shows exactly these metrics', () => {
    const projectors = [...streamProjectors, ...queueProjectors];
    const functions = [
      ...deciders,
      'prescription-analyzer',
      'person-indexer',
      'segment-sealer',
      'rebuilder',
      'verifier',
      'publisher',
      ...projectors,
    ];
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
      'Appends cut off, clock refusals': [
        ...deciders.map((name) => `${name} cut off: CutOffs`),
        ...deciders.map((name) => `${name} clock: ClockRefusals`),
      ],
      'Latency of the API (ms)': each(['p50', 'p90', 'p99'], 'Latency'),
      'Errors of the API': ['client (4xx): 4xx', 'server (5xx): 5xx'],
      'Longest lag (ms)': [
        'publisher published: PublishLag',
        ...projectors.map((name) => `${name} projected: ProjectionLag`),
      ],
      'Age of stream records (ms)': each(streamConsumers, 'IteratorAge'),
      'Commits published': [
        ...aggregateNames.map((name) => `${name}: ${publishedCounter(name)}`),
        'publisher batches: Batches',
      ],
      Parked: each(['publisher', ...projectors], 'Parked'),
      'Changes of the log': each(functions, 'LogChanged'),
      'Streams whose rows differ from the log': ['verifier: Differences'],
      'Sealed history that could not be used': each(deciders, 'SegmentsUnusable'),
      'Commits that wait for a destination': ['publisher: Deferred'],
      'Longest wait for a destination (ms)': ['publisher: WaitingLag'],
      'Age of the oldest message (s)': each(queueNames, 'ApproximateAgeOfOldestMessage'),
      'Messages waiting': each(queueNames, 'ApproximateNumberOfMessagesVisible'),
      'Given up': each([...queueNames, 'batches of streams'], 'ApproximateNumberOfMessagesVisible'),
      'Errors of functions': each(functions, 'Errors'),
      'Throttles of functions': each(functions, 'Throttles'),
      'Throttles of tables and of the event stream': [
        'event log, writes: WriteThrottleEvents',
        'event log, reads: ReadThrottleEvents',
        ...each(contextNames, 'ThrottledRequests'),
        'event stream: WriteProvisionedThroughputExceeded',
      ],
      'Spans dropped': each(functions, 'SpansDropped'),
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
          ...contextNames.map((name) => `${constructName(name)}Projector Projector`),
          'SegmentSealer Sealer',
          'Rebuild Rebuilder',
          'Verify Verifier',
          'PrescriptionAnalyzer Analyzer',
          'PrescriptionRecorder Recorder',
          'MetricsSweeper Sweeper',
          'PersonEraser Eraser',
          'PersonIndexer Indexer',
        ],
        'IncomingBytes',
      ),
    });
  });

  it('shows everything that functions count', () => {
    const sent = widgets.flatMap(({ properties }) =>
      (properties.metrics ?? []).filter(([namespace]) => namespace === 'Streamfold'),
    );
    expect(new Set(sent.map(([, name]) => name))).toEqual(new Set(Object.keys(telemetryUnits)));
  });
});

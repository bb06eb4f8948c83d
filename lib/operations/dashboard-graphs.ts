import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  type Alarm,
  AlarmStatusWidget,
  type IMetric,
  MathExpression,
  Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { aggregateNames } from '../../schema/contexts.ts';
import { publishedCounter, type TelemetryName } from '../../schema/telemetry.ts';
import type { BackendFunction } from '../platform/function.ts';
import type { EventStream } from '../publishing/event-stream.ts';
import type { FailureBucket } from '../publishing/failure-bucket.ts';
import type { WorkQueue } from '../publishing/work-queue.ts';
import { graph, type Sized } from './dashboard-row.ts';
import { telemetryMetric } from './telemetry-metric.ts';

export interface DashboardGraphsProps {
  readonly stage: string;
  readonly alarms: readonly Alarm[];
  /** Undefined if the stage has none. */
  readonly httpApi: HttpApi | undefined;
  /** The functions that carry out commands. */
  readonly deciders: readonly BackendFunction[];
  /** Functions that carry out no commands, publish nothing and fold nothing into read models. */
  readonly others: readonly BackendFunction[];
  /** One of the others: it compares rows with the log. */
  readonly verifier: BackendFunction;
  readonly publisher: BackendFunction;
  readonly streamProjectors: readonly BackendFunction[];
  readonly queueProjectors: readonly BackendFunction[];
  /** By the labels of their graphs. */
  readonly queues: Readonly<Record<string, WorkQueue>>;
  /** Stores the batches that stream consumers give up. */
  readonly failures: FailureBucket;
  readonly eventStream: EventStream;
  /** By the labels of their graphs. */
  readonly tables: Readonly<Record<string, Table>>;
  /** Calls that DynamoDB throttled, by label. */
  readonly throttled: Readonly<Record<string, Metric>>;
  readonly logGroups: readonly ILogGroup[];
}

const period = Duration.minutes(5);

/** The graphs of the dashboard, by the question that they answer. */
export class DashboardGraphs {
  readonly #props: DashboardGraphsProps;
  readonly #functions: readonly BackendFunction[];

  constructor(props: DashboardGraphsProps) {
    this.#props = props;
    const { deciders, others, publisher, streamProjectors, queueProjectors } = props;
    this.#functions = [...deciders, ...others, publisher, ...streamProjectors, ...queueProjectors];
  }

  alarms(): Sized[] {
    const { alarms } = this.#props;
    return [(width) => new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width, height: 8 })];
  }

  commands(): Sized[] {
    const { deciders } = this.#props;
    return [
      graph('Commands', this.#sent('Commands', deciders)),
      graph('Refusals, repeats, conflicts', [
        ...this.#sent('Refusals', deciders, 'refused'),
        ...this.#sent('RepeatedCommands', deciders, 'repeated'),
        ...this.#sent('Conflicts', deciders, 'conflicts'),
      ]),
      graph('Appends cut off, clock refusals', [
        ...this.#sent('CutOffs', deciders, 'cut off'),
        ...this.#sent('ClockRefusals', deciders, 'clock'),
      ]),
      ...this.#api(),
    ];
  }

  readModels(): Sized[] {
    const { deciders, verifier, publisher, streamProjectors, queueProjectors } = this.#props;
    const projectors = [...streamProjectors, ...queueProjectors];
    return [
      graph('Longest lag (ms)', [
        ...this.#sent('PublishLag', [publisher], 'published'),
        ...this.#sent('ProjectionLag', projectors, 'projected'),
      ]),
      graph(
        'Age of stream records (ms)',
        this.#ofFunctions('IteratorAge', 'Maximum', [publisher, ...streamProjectors]),
      ),
      graph('Commits published', [...this.#published(), ...this.#sent('Batches', [publisher], 'batches')]),
      graph('Parked', this.#sent('Parked', [publisher, ...projectors])),
      graph('Changes of the log', this.#sent('LogChanged', this.#functions)),
      graph('Streams whose rows differ from the log', this.#sent('Differences', [verifier])),
      graph('Sealed history that could not be used', this.#sent('SegmentsUnusable', deciders)),
      graph('Commits that wait for a destination', this.#sent('Deferred', [publisher])),
      graph('Longest wait for a destination (ms)', this.#sent('WaitingLag', [publisher])),
    ];
  }

  queues(): Sized[] {
    const each = (metric: (queue: WorkQueue, label: string) => IMetric) =>
      Object.entries(this.#props.queues).map(([name, queue]) => metric(queue, name));
    const depth = (queue: Queue, label: string) =>
      queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum', label });
    return [
      graph(
        'Age of the oldest message (s)',
        each(({ queue }, label) => queue.metricApproximateAgeOfOldestMessage({ period, label })),
      ),
      graph(
        'Messages waiting',
        each(({ queue }, label) => depth(queue, label)),
      ),
      graph('Given up', [
        ...each(({ failures }, label) => depth(failures, label)),
        depth(this.#props.failures.notices, 'batches of streams'),
      ]),
    ];
  }

  faults(): Sized[] {
    const { throttled, eventStream } = this.#props;
    return [
      graph('Errors of functions', this.#ofFunctions('Errors', 'Sum')),
      graph('Throttles of functions', this.#ofFunctions('Throttles', 'Sum')),
      graph('Throttles of tables and of the event stream', [
        ...Object.entries(throttled).map(([label, calls]) => calls.with({ label })),
        eventStream.stream.metricWriteProvisionedThroughputExceeded({
          period,
          statistic: 'Sum',
          label: 'event stream',
        }),
      ]),
      graph('Spans dropped', this.#sent('SpansDropped', this.#functions)),
    ];
  }

  costs(): Sized[] {
    const { tables, eventStream, httpApi, logGroups } = this.#props;
    const consumed = (metricName: string) =>
      Object.entries(tables).map(([label, table]) =>
        table.metric(metricName, { statistic: 'Sum', period, label }),
      );
    const logBytes = logGroups.map(
      (group) =>
        new Metric({
          namespace: 'AWS/Logs',
          metricName: 'IncomingBytes',
          dimensionsMap: { LogGroupName: group.logGroupName },
          statistic: 'Sum',
          period,
          label: group.node.path.split('/').slice(1, -1).join(' '),
        }),
    );
    return [
      graph('Write units', consumed('ConsumedWriteCapacityUnits')),
      graph('Read units', consumed('ConsumedReadCapacityUnits')),
      graph('GB-seconds of functions', this.#functions.map(gigabyteSeconds)),
      graph('Invocations', this.#ofFunctions('Invocations', 'Sum')),
      ...(httpApi === undefined
        ? []
        : [
            graph('Requests to the API', [
              httpApi.metricCount({ period, statistic: 'Sum', label: 'requests' }),
            ]),
          ]),
      graph('Bytes into the event stream', [
        eventStream.stream.metricIncomingBytes({ period, statistic: 'Sum', label: 'bytes' }),
      ]),
      graph('Bytes into logs', logBytes),
    ];
  }

  #api(): Sized[] {
    const { httpApi } = this.#props;
    if (httpApi === undefined) return [];
    const latency = (statistic: string) => httpApi.metricLatency({ statistic, period, label: statistic });
    return [
      graph('Latency of the API (ms)', [latency('p50'), latency('p90'), latency('p99')]),
      graph('Errors of the API', [
        httpApi.metricClientError({ period, statistic: 'Sum', label: 'client (4xx)' }),
        httpApi.metricServerError({ period, statistic: 'Sum', label: 'server (5xx)' }),
      ]),
    ];
  }

  /** A metric that functions send themselves, for each function. */
  #sent(name: TelemetryName, functions: readonly BackendFunction[], label = ''): IMetric[] {
    const { stage } = this.#props;
    return functions.map(({ shortName: service }) =>
      telemetryMetric(name, { stage, service, period }).with({ label: `${service} ${label}`.trim() }),
    );
  }

  /** Commits in the event stream, for each context. */
  #published(): IMetric[] {
    const { stage, publisher } = this.#props;
    return aggregateNames.map((context) =>
      telemetryMetric(publishedCounter(context), { stage, service: publisher.shortName, period }).with({
        label: context,
      }),
    );
  }

  /** A metric that Lambda measures, for each function. */
  #ofFunctions(metricName: string, statistic: string, functions = this.#functions): Metric[] {
    return functions.map(({ lambda, shortName }) =>
      lambda.metric(metricName, { statistic, period, label: shortName }),
    );
  }
}

/** What Lambda charges for beside invocations: the seconds that a function ran, multiplied by its memory in GB. */
function gigabyteSeconds({ lambda, memorySizeMb, shortName }: BackendFunction): IMetric {
  const id = `msOf_${shortName.replaceAll('-', '_')}`;
  return new MathExpression({
    expression: `${id} / 1000 * ${memorySizeMb / 1_024}`,
    usingMetrics: { [id]: lambda.metricDuration({ statistic: 'Sum', period }) },
    label: shortName,
    period,
  });
}

import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { aggregateNames } from '../../schema/contexts.ts';
import { publishedCounter } from '../../schema/telemetry.ts';
import type { BackendFunction } from '../platform/function.ts';
import { emulatorAccount } from '../platform/settings.ts';
import type { StageConfig } from '../platform/stages.ts';
import type { Projectors } from '../read-side/read-side.ts';
import { addAlarm } from './alarm.ts';
import { telemetryMetric } from './telemetry-metric.ts';

export interface NotInvokedAlarmsProps {
  readonly stage: string;
  readonly config: Pick<StageConfig, 'environment'>;
  /** The functions that carry out commands. */
  readonly deciders: readonly BackendFunction[];
  readonly publisher: BackendFunction;
  readonly projectors: Projectors;
}

const period = Duration.minutes(5);
/**
 * Two periods: in the newest one, the invocation that follows a commit may not have happened or not have been measured.
 * Of six hours, so that little traffic is enough: two commits in different periods.
 */
const [periods, within] = [2, 72];

/** More than any consumer is invoked in one period. */
const factor = 1_000_000_000;

/**
 * Adds an alarm for each consumer of a stream that is not invoked although commits arrive: its event source is disabled or
 * gone. It sends nothing then, so no other alarm goes off. Without commits, none of these goes off. The publisher is
 * compared with the commands that were committed, a projector with the published commits of its own context: it needs not
 * be invoked for others. Consumers of queues need none, because SQS itself measures the age of messages.
 *
 * These alarms compute from several metrics, which emulators do not support: their stage has none.
 */
export function addNotInvokedAlarms(props: NotInvokedAlarmsProps): void {
  const { stage, config, deciders, publisher, projectors } = props;
  if (config.environment?.account === emulatorAccount) return;
  const ofPublisher = { stage, service: publisher.shortName, period };
  const commands = deciders.map(({ shortName: service }) =>
    telemetryMetric('Commands', { stage, service, period }),
  );
  // Its schedule invokes it as well, so it counts the batches itself.
  addNotInvokedAlarm(publisher, commands, telemetryMetric('Batches', ofPublisher));
  for (const context of aggregateNames) {
    const consumer = projectors[context].function;
    const commits = telemetryMetric(publishedCounter(context), ofPublisher);
    addNotInvokedAlarm(consumer, [commits], consumer.lambda.metricInvocations({ period }));
  }
}

function addNotInvokedAlarm(
  consumer: BackendFunction,
  commits: readonly Metric[],
  invocations: Metric,
): void {
  addAlarm(consumer, 'NotInvoked', {
    description: `${consumer.userImpact}: commits arrive, but the function is not invoked.`,
    runbook: 'consumer-not-invoked',
    metric: notInvoked(commits, invocations),
    above: 0,
    periods,
    within,
  });
}

/**
 * 1 in a period with commits and without an invocation, otherwise 0. A function sends these metrics only when there is
 * something to count, so a missing value is 0. If every metric is missing, so is the result, and the alarm stays off.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function notInvoked(commits: readonly Metric[], invocations: Metric): MathExpression {
  const usingMetrics: Record<string, IMetric> = { invocations };
  for (const [index, metric] of commits.entries()) usingMetrics[`commits${index}`] = metric;
  const sum = commits.map((_, index) => `FILL(commits${index}, 0)`).join(' + ');
  return new MathExpression({
    expression: `IF(${sum} > ${factor} * FILL(invocations, 0), 1, 0)`,
    usingMetrics,
    label: 'commits without an invocation',
    period,
  });
}

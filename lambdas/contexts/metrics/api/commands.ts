import { type CommandSide, commandRoutes } from '../../../http/command-routes.ts';
import type { Route } from '../../../http/route.ts';
import type { Metric, MetricCommand } from '../domain/metric.ts';
import { type MetricAnswer, metricsResource } from './answers.ts';
import { createMetricRequest, recordValuesRequest, setTargetRequest, valuesMaxCount } from './requests.ts';

/** What the command routes of metrics need. */
export type MetricCommandSide = CommandSide<Metric, MetricCommand, MetricAnswer>;

/** The routes for commands on metrics. */
export function metricCommands(side: MetricCommandSide): Route[] {
  const { create, command } = commandRoutes(metricsResource, side);
  return [
    create({
      operationId: 'createMetric',
      summary: 'Create a metric',
      request: createMetricRequest,
      command: (body, now) => ({ type: 'Create', ...body, now }),
    }),
    command('targets', {
      operationId: 'setTarget',
      summary: 'Set a target with a deadline',
      description: 'Replaces the previous target, whatever its outcome.',
      request: setTargetRequest,
      command: (body, now) => ({ type: 'SetTarget', ...body, now }),
    }),
    command('values', {
      operationId: 'recordValues',
      summary: `Record a value, or a list of up to ${valuesMaxCount}, in one commit`,
      description:
        'A value without `at` was measured now. `at` may be in the past, but not before the metric was created. A value ' +
        'with an `at` before a deadline can reach the target even if it is recorded after the deadline.',
      request: recordValuesRequest,
      command: (values, now) => ({ type: 'RecordValues', values, now }),
    }),
    command('archive', {
      operationId: 'archiveMetric',
      summary: 'Archive a metric: it accepts no more values, but can still be read',
      command: (_, now) => ({ type: 'Archive', now }),
    }),
  ];
}

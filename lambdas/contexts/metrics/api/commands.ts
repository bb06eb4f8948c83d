import * as z from 'zod';
import { commandAnswer, commandRequest, newAggregateId } from '../../../http/commands.ts';
import { aggregateIdSchema } from '../../../http/parameters.ts';
import { defineRoute, type HttpRequest, type Route } from '../../../http/route.ts';
import type { CommandHandler } from '../../../kernel/index.ts';
import type { MetricEvent } from '../domain/events.ts';
import type { Metric, MetricCommand } from '../domain/metric.ts';
import { type MetricAnswer, metricAnswerSchema } from './answers.ts';
import { createMetricSchema, recordValuesSchema, setTargetSchema, valuesMaxCount } from './requests.ts';

export interface CommandDependencies {
  readonly handler: CommandHandler<Metric, MetricCommand, MetricEvent, MetricAnswer>;
}

const etagHeader = { etag: 'The version that the metric has reached.' };

/** What every command on a metric shares; the kernel answers 201 only for one that created it. */
const shared = {
  method: 'POST',
  tags: ['metrics'],
  command: true,
  params: z.object({ id: aggregateIdSchema }),
  answers: {
    200: { description: 'Done.', schema: metricAnswerSchema, headers: etagHeader },
    201: {
      description: 'Done, and the metric was created.',
      schema: metricAnswerSchema,
      headers: { ...etagHeader, location: 'The metric.' },
    },
  },
  problems: { 404: 'There is no metric with this id.', 409: 'The metric is archived.' },
} as const;

export function metricCommandRoutes({ handler }: CommandDependencies): Route[] {
  const handle = async (id: string, command: MetricCommand, request: HttpRequest) =>
    commandAnswer(await handler.handle([{ id, command }], commandRequest(command.type, request)), '/metrics');

  return [
    defineRoute({
      ...shared,
      path: '/metrics',
      operationId: 'createMetric',
      summary: 'Create a metric',
      params: z.object({}),
      body: createMetricSchema,
      handle: (request) =>
        handle(
          newAggregateId('metrics', request),
          { type: 'Create', ...request.body, now: request.context.now },
          request,
        ),
    }),
    defineRoute({
      ...shared,
      path: '/metrics/{id}/targets',
      operationId: 'setTarget',
      summary: 'Set a target with a deadline',
      description: 'Replaces the target that was set before, whatever became of it.',
      body: setTargetSchema,
      handle: (request) =>
        handle(request.params.id, { type: 'SetTarget', ...request.body, now: request.context.now }, request),
    }),
    defineRoute({
      ...shared,
      path: '/metrics/{id}/values',
      operationId: 'recordValues',
      summary: `Record a value, or a list of up to ${valuesMaxCount}, in one commit`,
      description:
        'Without `at` a value counts as measured now. It may lie in the past, though not before the metric; a value ' +
        'recorded late counts by its `at`, also for a target whose deadline has passed meanwhile.',
      body: recordValuesSchema,
      handle: (request) =>
        handle(
          request.params.id,
          { type: 'RecordValues', values: request.body, now: request.context.now },
          request,
        ),
    }),
    defineRoute({
      ...shared,
      path: '/metrics/{id}/archive',
      operationId: 'archiveMetric',
      summary: 'Archive a metric: no more values, and it stays readable',
      body: z.object({}).optional(),
      handle: (request) => handle(request.params.id, { type: 'Archive', now: request.context.now }, request),
    }),
  ];
}

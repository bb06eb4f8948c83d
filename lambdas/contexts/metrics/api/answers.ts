import * as z from 'zod';
import { defineResource, instantField } from '../../../http/resource.ts';
import type { LiveMetric, Metric } from '../domain/metric.ts';
import { metricStatuses, statusOf } from '../domain/status.ts';
import { directions, progressTowards } from '../domain/target.ts';
import { type MetricRow, metricsProjection } from '../read-model/projection.ts';

const status = z.enum(metricStatuses);

/** A value of the history, as the API shows it. */
export const measurementSchema = z.object({ value: z.number(), at: instantField });

/** Metrics, as the API shows them. The current value is the one with the latest `at`. */
export const metricsResource = defineResource({
  projection: metricsProjection,
  path: '/metrics',
  noun: 'metric',
  unaudited: 'A metric is about a business, and docs/personal-data.md says that it names no person.',
  answer: { status, value: z.number().optional() },
  fields: {
    name: z.string(),
    unit: z.string().optional(),
    description: z.string().optional(),
    status,
    current: measurementSchema.optional().meta({ description: 'The value with the latest instant.' }),
    target: z
      .object({
        value: z.number(),
        direction: z.enum(directions),
        deadline: instantField,
        setAt: instantField,
        reachedAt: instantField.optional(),
      })
      .optional(),
    progress: z
      .number()
      .optional()
      .meta({
        description:
          '1 at the target, more beyond it, less before it: 1 + (the distance of the current value beyond the target) / ' +
          '|target|. It can be negative or above 1. For a positive target of "at-least" it is the current value divided by ' +
          'the target. Absent if it is not a finite number.',
      }),
    createdAt: instantField,
    updatedAt: instantField,
  },
  view: ({ name, unit, description, updatedAt, metric }: MetricRow, now) => ({
    name,
    unit,
    description,
    status: statusOf(metric, now),
    current: metric.current,
    target: targetOf(metric),
    progress: progressOf(metric),
    createdAt: metric.createdAt,
    updatedAt,
  }),
});

/** The target without its outcome, which is part of the status. */
function targetOf({ target }: LiveMetric) {
  if (target === undefined) return undefined;
  const { outcome: _, ...shown } = target;
  return { ...shown, direction: shown.direction ?? 'at-least' };
}

function progressOf({ current, target }: LiveMetric): number | undefined {
  return current && target && progressTowards(target, current.value);
}

/** The part of a command's answer that depends on the metric's state. */
export interface MetricAnswer {
  readonly status: (typeof metricStatuses)[number];
  readonly value?: number;
}

/** The answer to a command on the metric. Throws for an unknown metric, which no successful command leaves. */
export function metricAnswer(metric: Metric, now: string): MetricAnswer {
  if (metric.status === 'unknown') throw new Error('A metric that does not exist has no answer.');
  return {
    status: statusOf(metric, now),
    ...(metric.current !== undefined && { value: metric.current.value }),
  };
}

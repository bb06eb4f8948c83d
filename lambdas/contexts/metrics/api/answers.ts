import * as z from 'zod';
import type { Metric } from '../domain/metric.ts';
import { metricStatuses, statusOf } from '../domain/status.ts';
import type { MetricRow } from '../read-model/projection.ts';

const version = z.int().min(1).meta({ description: 'Version of the stream that this reflects.' });
const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC, milliseconds.' });
const status = z.enum(metricStatuses);

export const measurementSchema = z.object({ value: z.number(), at: instant });

/** What every command on a metric answers: the current value is the one with the latest `at`. */
export const metricAnswerSchema = z.object({
  id: z.string(),
  version,
  status,
  value: z.number().optional(),
});

export const metricSchema = z.object({
  id: z.string(),
  version,
  name: z.string(),
  unit: z.string().optional(),
  description: z.string().optional(),
  status,
  current: measurementSchema.optional().meta({ description: 'The value with the latest instant.' }),
  target: z
    .object({ value: z.number(), deadline: instant, setAt: instant, reachedAt: instant.optional() })
    .optional(),
  progress: z.number().optional().meta({
    description:
      'Current value over target: 1 is all of it. Absent without both, and where it is no finite number.',
  }),
  createdAt: instant,
  updatedAt: instant,
});

/** The part of a command's answer that comes from the metric's state. */
export interface MetricAnswer {
  readonly status: (typeof metricStatuses)[number];
  readonly value?: number;
}

/** What a command on the metric answers. No command leaves a metric unknown. */
export function metricAnswer(metric: Metric, now: string): MetricAnswer {
  if (metric.status === 'unknown') throw new Error('A metric that does not exist has nothing to answer.');
  return {
    status: statusOf(metric, now),
    ...(metric.current !== undefined && { value: metric.current.value }),
  };
}

/** A metric as it stands at an instant. */
export function metricView(row: MetricRow, rowVersion: number, now: string): z.output<typeof metricSchema> {
  const { id, name, unit, description, updatedAt, metric } = row;
  const { current, target, createdAt } = metric;
  return {
    id,
    version: rowVersion,
    name,
    ...(unit !== undefined && { unit }),
    ...(description !== undefined && { description }),
    status: statusOf(metric, now),
    ...(current !== undefined && { current }),
    ...(target !== undefined && { target: targetView(target) }),
    ...progressOf(metric),
    createdAt,
    updatedAt,
  };
}

function progressOf({ current, target }: MetricRow['metric']): { readonly progress?: number } {
  const progress = current && target && current.value / target.value;
  return progress !== undefined && Number.isFinite(progress) ? { progress } : {};
}

function targetView({ value, deadline, setAt, reachedAt }: NonNullable<MetricRow['metric']['target']>) {
  return { value, deadline, setAt, ...(reachedAt !== undefined && { reachedAt }) };
}

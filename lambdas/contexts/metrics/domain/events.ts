import * as z from 'zod';
import { defineEvents, type EventOf } from '../../../kernel/index.ts';
import { directions } from './target.ts';

/** ISO 8601, UTC, ms. */
const instant = z.string();

/** Every event type of the context. */
export const metricEvents = defineEvents({
  'Metric:Created': {
    schema: z.strictObject({
      name: z.string(),
      unit: z.string().optional(),
      description: z.string().optional(),
      at: instant,
    }),
  },
  'Metric:TargetSet': {
    schema: z.strictObject({
      value: z.number(),
      deadline: instant,
      direction: z.enum(directions).optional().meta({ description: 'Absent: "at-least".' }),
      at: instant.meta({ description: 'When the target was set. Values from this instant on count.' }),
    }),
  },
  'Metric:ValueRecorded': {
    schema: z.strictObject({
      value: z.number(),
      at: instant.meta({ description: 'When the value was measured. It may be recorded much later.' }),
    }),
  },
  'Metric:TargetReached': {
    schema: z.strictObject({
      target: z.number(),
      value: z.number(),
      at: instant.meta({ description: 'When the target was reached: the instant of the value.' }),
    }),
  },
  'Metric:Expired': { schema: z.strictObject({ target: z.number(), deadline: instant }) },
  'Metric:Archived': { schema: z.strictObject({ at: instant }) },
});

export type MetricEvent = EventOf<typeof metricEvents>;

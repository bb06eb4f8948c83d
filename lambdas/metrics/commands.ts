import * as z from 'zod';
import { aggregateIdPattern } from '../eventsourcing/commit.ts';

/** Values that one command may record. */
export const valuesMaxCount = 1_000;

/** Neither control characters, which no name needs, nor unpaired surrogates, which no text has. */
const text = (maxChars: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxChars)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'Text has no control characters.' });

export const metricIdSchema = z.string().regex(aggregateIdPattern, {
  error: 'An id is 1 to 64 letters, digits, "_" or "-", the first a letter or digit.',
});

/** An instant with a zone, parsed to UTC and milliseconds. */
export const instantSchema = z.iso
  .datetime({ offset: true, error: 'Expected an instant with its zone, such as "2027-01-31T12:00:00Z".' })
  .transform((instant) => new Date(instant).toISOString());

export const createMetricSchema = z.object({
  name: text(200),
  unit: text(50).optional(),
  description: text(2_000).optional(),
});

export const setTargetSchema = z.object({ value: z.number(), deadline: instantSchema });

const valueSchema = z.strictObject({ value: z.number(), at: instantSchema.optional() });

const valueListSchema = z
  .array(valueSchema)
  .min(1, { error: 'Expected at least one value.' })
  .max(valuesMaxCount, { error: `Expected at most ${valuesMaxCount} values in one request.` });

/** One value, or a list of them; parsed to a list. */
export const recordValuesSchema = z
  .union([valueSchema, valueListSchema])
  .transform((values) => (Array.isArray(values) ? values : [values]));

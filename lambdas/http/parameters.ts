import * as z from 'zod';
import { aggregateIdPattern } from '../kernel/index.ts';

/** The id of an aggregate, of any category. */
export const aggregateIdSchema = z.string().regex(aggregateIdPattern, {
  error: 'An id is 1 to 64 letters, digits, "_" or "-", and begins with a letter or digit.',
});

/** A version of a stream: a whole number from 1. */
export const versionSchema = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, { error: 'Expected the number of a version: 1, 2, 3 ...' })
  .transform(Number);

/** An instant with its time zone, parsed to ISO 8601 in UTC with ms. Parsed instants compare as text. */
export const instantSchema = z.iso
  .datetime({
    offset: true,
    error:
      'Expected an instant with its time zone, such as "2027-01-31T12:00:00Z" (in a query, write "+" as "%2B").',
  })
  .transform((instant) => new Date(instant).toISOString())
  // The text of other years begins with a sign and does not sort correctly.
  .refine((instant) => /^\d{4}-/.test(instant), {
    error: 'Expected an instant in the years 0 to 9999 in UTC.',
  });

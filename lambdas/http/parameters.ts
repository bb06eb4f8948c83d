import * as z from 'zod';
import { aggregateIdPattern } from '../kernel/index.ts';

/** The id of an aggregate, of any category. */
export const aggregateIdSchema = z.string().regex(aggregateIdPattern, {
  error: 'An id is 1 to 64 letters, digits, "_" or "-", the first a letter or digit.',
});

/** A version of a stream, written as a whole number. */
export const versionSchema = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, { error: 'Expected the number of a version: 1, 2, 3 ...' })
  .transform(Number);

/** An instant with its zone, parsed to UTC and milliseconds, so that instants compare as text. */
export const instantSchema = z.iso
  .datetime({
    offset: true,
    error:
      'Expected an instant with its zone, such as "2027-01-31T12:00:00Z" (in a query, write "+" as "%2B").',
  })
  .transform((instant) => new Date(instant).toISOString())
  // Beyond these years the text has a sign in front and sorts where it should not.
  .refine((instant) => /^\d{4}-/.test(instant), {
    error: 'Expected an instant of the years 0 to 9999, in UTC.',
  });

import * as z from 'zod';
import { fewerDigits, inexactReason, isExactNumber } from '../../../http/exact-number.ts';
import { instantSchema, linesSchema, textSchema } from '../../../http/parameters.ts';
import { directions } from '../domain/target.ts';

/** Maximum number of values of one command. */
export const valuesMaxCount = 1_000;

export const createMetricRequest = z.object({
  name: textSchema(200),
  unit: textSchema(50).optional(),
  description: linesSchema(2_000).optional(),
});

/** A finite number, as JSON number or as text. A double must keep all digits of the text. -0 becomes 0. */
const finiteNumberSchema = z
  .union(
    [
      z.number(),
      z
        .string()
        .max(64)
        .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/),
    ],
    { error: 'Expected a finite number, such as 12.5 or "12.5".' },
  )
  .transform((given, context) => {
    if (typeof given === 'number' || isExactNumber(given)) return Number(given) + 0;
    context.addIssue({ code: 'custom', message: `${inexactReason('this number')} ${fewerDigits}.` });
    return z.NEVER;
  });

export const setTargetRequest = z.object({
  value: finiteNumberSchema,
  deadline: instantSchema,
  direction: z.enum(directions, { error: 'Expected "at-least" or "at-most".' }).optional().meta({
    description: 'Values of at least, or of at most, `value` reach the target. Default: "at-least".',
  }),
});

const valueSchema = z.strictObject({ value: finiteNumberSchema, at: instantSchema.optional() });

const valueListSchema = z
  .array(valueSchema)
  .min(1, { error: 'Expected at least one value.' })
  .max(valuesMaxCount, { error: `Expected at most ${valuesMaxCount} values in one request.` });

/** One value or a list of values. Parsing returns a list. */
export const recordValuesRequest = z
  .union([valueSchema, valueListSchema])
  .transform((values) => (Array.isArray(values) ? values : [values]));

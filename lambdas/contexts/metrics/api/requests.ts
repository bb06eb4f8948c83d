import * as z from 'zod';
import { fewerDigits, inexactReason, isExactNumber } from '../../../http/exact-number.ts';
import { instantSchema } from '../../../http/parameters.ts';

/** Maximum number of values of one command. */
export const valuesMaxCount = 1_000;

/**
 * One line of text without control characters and unpaired surrogates. It is normalized (NFC) before its length is
 * checked, so the length of the sort key is also bounded.
 */
const text = (maxChars: number) =>
  lines(maxChars).regex(/^[^\r\n\t]*$/, { error: 'Text has no control characters.' });

/** Text that may have several lines. */
const lines = (maxChars: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .max(maxChars)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|[\r\n\t])*$/u, { error: 'Text has no control characters.' });

export const createMetricRequest = z.object({
  name: text(200),
  unit: text(50).optional(),
  description: lines(2_000).optional(),
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

export const setTargetRequest = z.object({ value: finiteNumberSchema, deadline: instantSchema });

const valueSchema = z.strictObject({ value: finiteNumberSchema, at: instantSchema.optional() });

const valueListSchema = z
  .array(valueSchema)
  .min(1, { error: 'Expected at least one value.' })
  .max(valuesMaxCount, { error: `Expected at most ${valuesMaxCount} values in one request.` });

/** One value or a list of values. Parsing returns a list. */
export const recordValuesRequest = z
  .union([valueSchema, valueListSchema])
  .transform((values) => (Array.isArray(values) ? values : [values]));

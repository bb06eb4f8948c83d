import * as z from 'zod';
import { aggregateIdSchema, textSchema } from '../../../http/parameters.ts';
import { amountMaxDigits, canonicalDecimal, isCurrency } from '../domain/money.ts';

const amountHint = `a decimal number such as 34.0 or "34.00", with at most ${amountMaxDigits} digits`;

/** A decimal of zero or more, as JSON number or text. Parsing converts it to its canonical form. */
const decimal = z
  .union([z.number(), z.string().max(40)], { error: `Expected ${amountHint}.` })
  .transform((value, context) => {
    const canonical = canonicalDecimal(String(value));
    if (canonical === undefined) context.addIssue({ code: 'custom', message: `Expected ${amountHint}.` });
    return canonical ?? z.NEVER;
  });

export const amountSchema = decimal.refine((canonical) => canonical !== '0', {
  error: 'An amount must be greater than 0.',
});

export const currencySchema = z
  .string()
  .refine(isCurrency, { error: 'Expected an ISO 4217 currency code in capitals, such as "USD" or "JPY".' });

export const openAccountRequest = z.object({
  currency: currencySchema,
  name: textSchema(200).optional().meta({
    description:
      'A label of the account, such as "Petty cash". It is stored in clear and is never erased: do not name persons in it.',
  }),
  overdraftLimit: decimal.default('0'),
});

/** `currency`: the account's. If this credit opens the account, the default is USD. */
export const creditRequest = z.object({ amount: amountSchema, currency: currencySchema.optional() });

export const debitRequest = z.object({ amount: amountSchema });

export const transferRequest = z.object({ to: aggregateIdSchema, amount: amountSchema });

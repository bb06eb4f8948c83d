import * as z from 'zod';
import { defineEvents, type EventOf } from '../../../kernel/index.ts';

/** A whole number of the currency's minor units (cents, for USD). */
const minorUnits = z.int();
const movement = z.strictObject({ amount: minorUnits.min(1) });

/** Every event type of the context. */
export const ledgerEvents = defineEvents({
  'Ledger:Opened': {
    schema: z.strictObject({
      currency: z.string().meta({ description: 'An ISO 4217 code.' }),
      name: z.string().optional().meta({ description: 'A label for lists. No place for data of persons.' }),
      overdraftLimit: minorUnits.min(0),
    }),
  },
  'Ledger:Credited': { schema: movement },
  'Ledger:Debited': { schema: movement },
  'Ledger:TransferSent': { schema: movement.extend({ transferId: z.string(), to: z.string() }) },
  'Ledger:TransferReceived': { schema: movement.extend({ transferId: z.string(), from: z.string() }) },
  'Ledger:Closed': { schema: z.strictObject({}) },
});

export type LedgerEvent = EventOf<typeof ledgerEvents>;

/** The amount of an event. Throws `TypeError` if it is not a positive whole number, because the balance would be wrong. */
export function amountIn({ amount }: { readonly amount: number }): number {
  if (Number.isSafeInteger(amount) && amount > 0) return amount;
  throw new TypeError(`An event has an amount of ${JSON.stringify(amount)}.`);
}

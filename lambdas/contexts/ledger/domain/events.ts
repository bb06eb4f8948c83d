import type { EventSchemas } from '../../../kernel/upcasting.ts';

/** Every amount is a whole number of the currency's minor units (cents, for USD). */
export type LedgerEvent =
  | {
      readonly type: 'Ledger:Opened';
      /** `currency` is an ISO 4217 code. */
      readonly data: { readonly currency: string; readonly name?: string; readonly overdraftLimit: number };
    }
  | { readonly type: 'Ledger:Credited'; readonly data: { readonly amount: number } }
  | { readonly type: 'Ledger:Debited'; readonly data: { readonly amount: number } }
  | {
      readonly type: 'Ledger:TransferSent';
      readonly data: { readonly transferId: string; readonly to: string; readonly amount: number };
    }
  | {
      readonly type: 'Ledger:TransferReceived';
      readonly data: { readonly transferId: string; readonly from: string; readonly amount: number };
    }
  | { readonly type: 'Ledger:Closed'; readonly data: Record<string, never> };

/** The amount of an entry. Throws for what is none: a balance must not come of an event that was written wrongly. */
export function amountIn({ amount }: { readonly amount: number }): number {
  if (Number.isSafeInteger(amount) && amount > 0) return amount;
  throw new TypeError(`An entry has an amount of ${JSON.stringify(amount)}.`);
}

/** Every event type of the context, with the upcasters of its older shapes: none has changed yet. */
export const ledgerSchemas: EventSchemas & Record<LedgerEvent['type'], unknown> = {
  'Ledger:Opened': [],
  'Ledger:Credited': [],
  'Ledger:Debited': [],
  'Ledger:TransferSent': [],
  'Ledger:TransferReceived': [],
  'Ledger:Closed': [],
};

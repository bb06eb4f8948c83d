import { dispenseSchemas } from '../dispense/events.ts';
import type { EventSchemas } from '../eventsourcing/upcasting.ts';
import { ledgerSchemas } from '../ledger/events.ts';
import { metricSchemas } from '../metrics/events.ts';

/** The event schemas of every context that the rules are about. */
export const eventSchemas: Readonly<Record<'dispense' | 'metrics' | 'ledger', EventSchemas>> = {
  dispense: dispenseSchemas,
  metrics: metricSchemas,
  ledger: ledgerSchemas,
};

import type { EventSchemas } from '../../kernel/upcasting.ts';
import { dispenseSchemas } from '../dispense/domain/events.ts';
import { ledgerSchemas } from '../ledger/domain/events.ts';
import { metricSchemas } from '../metrics/domain/events.ts';

/** The event schemas of every context that the rules are about. */
export const eventSchemas: Readonly<Record<'dispense' | 'metrics' | 'ledger', EventSchemas>> = {
  dispense: dispenseSchemas,
  metrics: metricSchemas,
  ledger: ledgerSchemas,
};

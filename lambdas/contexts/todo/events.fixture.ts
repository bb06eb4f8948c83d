import type { EventDefinitions } from '../../kernel/index.ts';
import { dispenseEvents } from '../dispense/domain/events.ts';
import { ledgerEvents } from '../ledger/domain/events.ts';
import { metricEvents } from '../metrics/domain/events.ts';

/** The events of every context that the rules are about. */
export const eventDefinitions: Readonly<Record<'dispense' | 'metrics' | 'ledger', EventDefinitions>> = {
  dispense: dispenseEvents,
  metrics: metricEvents,
  ledger: ledgerEvents,
};

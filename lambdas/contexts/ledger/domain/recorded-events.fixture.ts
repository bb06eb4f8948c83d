import type { StoredEvent } from '../../../kernel/index.ts';

/**
 * Streams as each version of this context wrote them. Never edit an entry: recorded events must always load. When an
 * event's schema changes, add a stream that the new code wrote.
 */
export const recordedStreams: Readonly<Record<string, readonly StoredEvent[]>> = {
  'an account with every kind of entry': [
    event('Ledger:Opened', { currency: 'USD', name: 'Household', overdraftLimit: 5_000 }),
    event('Ledger:Credited', { amount: 3_400 }),
    event('Ledger:Debited', { amount: 1_850 }),
    event('Ledger:TransferSent', { transferId: 't1', to: 'b', amount: 2_000 }),
    event('Ledger:TransferReceived', { transferId: 't2', from: 'b', amount: 150 }),
  ],
  'an account without a name, closed': [
    event('Ledger:Opened', { currency: 'JPY', overdraftLimit: 0 }),
    event('Ledger:Credited', { amount: 7 }),
    event('Ledger:Debited', { amount: 7 }),
    event('Ledger:Closed', {}),
  ],
};

function event(type: string, data: object, schemaVersion = 1): StoredEvent {
  return { id: 'recorded', type, schemaVersion, data };
}

import type { LedgerEvent } from '../../lambdas/contexts/ledger/domain/events.ts';

export type Movement = Extract<LedgerEvent, { type: 'Ledger:Credited' | 'Ledger:Debited' }>;

/** The events of an account: opened, then two credits for each debit. The same for the same number of events. */
export function* accountEvents(count: number): Iterable<LedgerEvent> {
  yield { type: 'Ledger:Opened', data: { currency: 'USD', overdraftLimit: 0 } };
  for (let version = 2; version <= count; version += 1) yield movement(version);
}

/** The event at this version, from 2 on. A debit is never more than the credits before it. */
export function movement(version: number): Movement {
  const type = version % 3 === 1 ? 'Ledger:Debited' : 'Ledger:Credited';
  return { type, data: { amount: 1_000 + (version % 1_000) } };
}

/** An account as an aggregate of Castore: every aggregate has its id and version. Balance in minor units. */
export interface CastoreAccount {
  readonly aggregateId: string;
  readonly version: number;
  readonly status: 'open';
  readonly currency: string;
  readonly balance: number;
  readonly overdraftLimit: number;
}

/** The ledger's events that the bench writes, with the fields that Castore adds. */
export type CastoreEvent = {
  readonly aggregateId: string;
  readonly version: number;
  readonly timestamp: string;
} & (
  | {
      readonly type: 'Ledger:Opened';
      readonly payload: { readonly currency: string; readonly overdraftLimit: number };
    }
  | { readonly type: 'Ledger:Credited' | 'Ledger:Debited'; readonly payload: { readonly amount: number } }
);

/** The same fold as the ledger's `evolve`, for the events that the bench writes. */
export function reduceAccount(account: CastoreAccount, event: CastoreEvent): CastoreAccount {
  const { aggregateId, version } = event;
  switch (event.type) {
    case 'Ledger:Opened':
      return { aggregateId, version, status: 'open', balance: 0, ...event.payload };
    case 'Ledger:Credited':
      return { ...account, version, balance: account.balance + event.payload.amount };
    case 'Ledger:Debited':
      return { ...account, version, balance: account.balance - event.payload.amount };
    default: {
      const unknown: never = event;
      throw new TypeError(`Not an event of an account: ${JSON.stringify(unknown)}`);
    }
  }
}

import { createHash } from 'node:crypto';
import {
  type Commit,
  type StoredEvent,
  type StreamName,
  sealed,
  streamName,
  systemActor,
} from '../../../lambdas/kernel/index.ts';

/** An account that the seed makes. */
export interface StressAccount {
  readonly id: string;
  /** Number of its events. The first opens the account. */
  readonly events: number;
  /** Default: 1. */
  readonly eventsPerCommit?: number;
}

/** Five accounts whose state takes longer and longer to fold. Their ids never change, so that links to them stay valid. */
export const stressAccounts: readonly StressAccount[] = [
  { id: '8fe0a2b4-c9ae-4a41-9524-2ee521b2af27', events: 10 },
  { id: '99_df40e446-a795-443a-b578-b1b3e19f1010', events: 100 },
  { id: '999_2c687afd-7119-4499-815b-20d2f506ab49', events: 1_000 },
  { id: '9999_232259f1-26d5-4a70-bf1b-5a8ef06de99f', events: 10_000 },
  // The publisher and the projectors of a laptop need some minutes for 100,000 commits, and less than one for 10,000.
  { id: '99999_2ceb29d1-1564-4966-855f-8a99d450f543', events: 100_000, eventsPerCommit: 10 },
];

/** The stream of an account of the default tenant. */
export function stressStream(id: string): StreamName {
  return streamName('ledger', id);
}

/** Where a stream stands before its next commit. */
export interface StreamEnd {
  readonly version: number;
  readonly hash: string | undefined;
  readonly committedAt: string;
  /** In cents. */
  readonly balance: number;
}

/** The end of a stream without events. */
export const emptyStream: StreamEnd = { version: 0, hash: undefined, committedAt: '', balance: 0 };

/** The next commit, with its hash, and the end of the stream after it. `now`: ISO 8601, UTC, ms. */
export function nextCommit(
  { id, events, eventsPerCommit = 1 }: StressAccount,
  end: StreamEnd,
  now: string,
): { commit: Commit; end: StreamEnd } {
  const version = end.version + 1;
  const name = `${id} ${version}`;
  const made = Array.from({ length: Math.min(eventsPerCommit, events - end.version) }, (_, at) =>
    eventAt(version + at),
  );
  const balance = made.reduce((sum, { change }) => sum + change, end.balance);
  // Never before the commit before it: the clock may have been set back.
  const committedAt = now > end.committedAt ? now : end.committedAt;
  const commit = sealed(
    {
      stream: stressStream(id),
      version,
      events: made.map(({ type, data }, at) => storedEvent(`${id} ${version + at}`, type, data)),
      commandId: `§${sha256(`stress command ${name}`)}`,
      commandHash: sha256(JSON.stringify([name, made.length])),
      committedAt,
      answer: JSON.stringify({ balance: (balance / 100).toFixed(2), currency: 'USD' }),
      correlationId: `stress-${id}`,
      actor: systemActor('seed'),
    },
    end.hash,
  );
  return { commit, end: { version: end.version + made.length, hash: commit.hash, committedAt, balance } };
}

function storedEvent(name: string, type: string, data: object): StoredEvent {
  return { id: sha256(`stress event ${name}`), type, schemaVersion: 1, data };
}

/** Credits and debits in turn. Each credit is larger than the debit after it, so the balance is never negative. */
function eventAt(version: number): { type: string; data: object; change: number } {
  if (version === 1)
    return { type: 'Ledger:Opened', data: { currency: 'USD', overdraftLimit: 0 }, change: 0 };
  const isCredit = version % 2 === 0;
  const amount = isCredit ? 101 + (version % 900) : 100;
  return {
    type: isCredit ? 'Ledger:Credited' : 'Ledger:Debited',
    data: { amount },
    change: isCredit ? amount : -amount,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

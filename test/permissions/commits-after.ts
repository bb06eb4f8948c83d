import { randomUUID } from 'node:crypto';
import { type Commit, sealed } from '../../lambdas/kernel/index.ts';

/** A commit after another one of a dispense, with `events` events that change nothing. */
export function drugsCommit(before: Commit, events: number): Commit {
  return commitAfter(
    before,
    Array.from({ length: events }, () => ({ type: 'Dispense:DrugsAdded', data: { drugs: [] } })),
  );
}

/** A commit after another one of a dispense, in plain text as before the encryption, with a patient who is this person. */
export function patientCommit(before: Commit, personId: string): Commit {
  const data = { name: 'Jane Sample', birthDate: '1980-02-29', personId };
  return commitAfter(before, [{ type: 'Dispense:PatientAdded', data }]);
}

/** A commit of `events` credits after another commit of an account. */
export function creditsCommit(before: Commit, events: number): Commit {
  return commitAfter(
    before,
    Array.from({ length: events }, () => ({ type: 'Ledger:Credited', data: { amount: 1 } })),
  );
}

/** A commit of `events` events after a hold of a person was placed: it is lifted, placed, and so on. */
export function holdsCommit(before: Commit, events: number): Commit {
  const data = { at: before.committedAt };
  const types = ['Person:HoldLifted', 'Person:HoldPlaced'] as const;
  return commitAfter(
    before,
    Array.from({ length: events }, (_, index) => ({ type: types[index % 2] as string, data })),
  );
}

function commitAfter(before: Commit, events: readonly { type: string; data: object }[]): Commit {
  const commit = {
    ...before,
    version: before.version + before.events.length,
    commandId: randomUUID(),
    events: events.map((event) => ({ ...event, id: randomUUID(), schemaVersion: 1 })),
  };
  return sealed(commit, before.hash);
}

/** A commit after the first of a dispense, in plain text as before the encryption, with an upload whose document is gone. */
export function uploadCommit(first: Commit): Commit {
  const document = {
    key: randomUUID(),
    earlierKeys: [],
    sizeBytes: 1,
    contentType: 'text/plain',
    sha256: '',
  };
  const data = { ...document, at: first.committedAt };
  const events = [{ id: randomUUID(), type: 'Dispense:PrescriptionUploaded', schemaVersion: 2, data }];
  return sealed({ ...first, version: 2, commandId: randomUUID(), events }, first.hash);
}

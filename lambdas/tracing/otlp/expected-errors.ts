import { isEventSourcingError } from '../../kernel/index.ts';

/** Answers of AWS that its callers ask for: a condition that does not hold, or an object that does not exist. */
const expected = ['ConditionalCheckFailedException', 'NoSuchKey', 'NoSuchVersion', 'NotFound'];

/** Why a transaction is cancelled if its condition does not hold, or if another one writes the same items. */
const lostRace = ['None', 'ConditionalCheckFailed', 'TransactionConflict'];

/** True for an error of a call that does not mean that something is wrong. Lost races would otherwise export every contended command. */
export function isExpected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, CancellationReasons: reasons } = error as Error & { CancellationReasons?: unknown };
  if (name !== 'TransactionCanceledException') return expected.includes(name);
  return Array.isArray(reasons) && reasons.every((reason) => lostRace.includes(reason?.Code));
}

/** True for an error of a step that is the caller's, who gets an answer below 500: nothing failed here, and nobody can have traces exported by it. */
export function isOfCaller(error: unknown): boolean {
  return isEventSourcingError(error, 'commit-too-large');
}

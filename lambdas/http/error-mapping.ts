import {
  type EventSourcingError,
  type EventSourcingErrorCode,
  isEventSourcingError,
} from '../kernel/index.ts';
import { HttpProblem, problem } from './problem.ts';

/**
 * Names and codes, of AWS SDK errors and Node's network errors, that say "not now" rather than "never": throttling,
 * timeouts, a service that is down, a transaction another one is in the way of.
 */
const unavailableCodes = new Set([
  'InternalError',
  'InternalServerError',
  'InternalFailure',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingError',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);
/** Wrapped errors are looked into so far; a chain of causes may be a ring. */
const causesMax = 4;
const retryAfter = { 'retry-after': '1' };

/** The problem any thrown value is answered with. What it says reaches the client: nothing internal is in it. */
export function problemOf(error: unknown, correlationId: string): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (isEventSourcingError(error)) return eventSourcingProblems[error.code](error, correlationId);
  return isUnavailable(error) ? unavailable(error) : internalError(error, correlationId);
}

const eventSourcingProblems: Record<
  EventSourcingErrorCode,
  (error: EventSourcingError, correlationId: string) => HttpProblem
> = {
  'version-mismatch': (cause) => {
    const actual = cause.actualVersion === undefined ? '' : ` It is at version ${cause.actualVersion}.`;
    const detail = `The stream is not at the version that If-Match names.${actual} Read it again and decide anew.`;
    return problem('version-mismatch', detail, { cause });
  },
  'idempotency-key-reused': (cause) => {
    const detail = 'This Idempotency-Key came before with another command. Use a new key for a new command.';
    return problem('idempotency-key-reused', detail, { cause });
  },
  contention: (cause) => {
    const detail =
      'Other commands on the same stream won every time; nothing was written. Repeat the request.';
    return problem('contention', detail, { cause, headers: retryAfter });
  },
  'commit-too-large': (cause) => {
    const detail =
      'The events of this command are larger than one commit can hold (400 KB); nothing was written.';
    return problem('commit-too-large', detail, { cause });
  },
  'unreadable-event': internalError,
};

function unavailable(cause: unknown): HttpProblem {
  const detail =
    'A service behind this one is busy or did not answer in time. Repeat the request after a moment; ' +
    'a command may have been carried out all the same, and with its Idempotency-Key it happens only once.';
  return problem('unavailable', detail, { cause, headers: retryAfter });
}

function internalError(cause: unknown, correlationId: string): HttpProblem {
  const detail = `Something failed on our side. It is in the log under correlation id ${correlationId}.`;
  return problem('internal-error', detail, { cause });
}

function isUnavailable(error: unknown): boolean {
  let current: unknown = error;
  for (let depth = 0; depth < causesMax && typeof current === 'object' && current !== null; depth += 1) {
    const { name, code, cause, CancellationReasons } = current as Readonly<Record<string, unknown>>;
    if ([name, code, ...reasonCodes(CancellationReasons)].some((word) => unavailableCodes.has(String(word))))
      return true;
    current = cause;
  }
  return false;
}

/** A cancelled DynamoDB transaction says for each of its items why. */
function reasonCodes(reasons: unknown): readonly unknown[] {
  return Array.isArray(reasons) ? reasons.map((reason: { Code?: unknown } | null) => reason?.Code) : [];
}

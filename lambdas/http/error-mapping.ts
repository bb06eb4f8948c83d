import {
  type EventSourcingError,
  type EventSourcingErrorCode,
  isBusy,
  isEventSourcingError,
} from '../kernel/index.ts';
import { HttpProblem, problem } from './problem.ts';

const retryAfter = { 'retry-after': '1' };

/** The problem for a thrown value. The client sees it, so it has no internals. */
export function problemOf(error: unknown, correlationId: string): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (isEventSourcingError(error)) return eventSourcingProblems[error.code](error, correlationId);
  return isBusy(error) ? unavailable(error) : internalError(error, correlationId);
}

const eventSourcingProblems: Record<
  EventSourcingErrorCode,
  (error: EventSourcingError, correlationId: string) => HttpProblem
> = {
  'version-mismatch': (cause) => {
    const detail = `${versionSentence(cause)} If-Match or If-None-Match does not accept it. Nothing was written. Read the stream again and retry.`;
    return problem('version-mismatch', detail, { cause });
  },
  'idempotency-key-reused': (cause) => {
    const detail =
      'This Idempotency-Key was used before for another command. Use a new key for a new command.';
    return problem('idempotency-key-reused', detail, { cause });
  },
  'already-carried-out': (cause) => {
    const detail =
      'This command was carried out before, but its first answer can no longer be found. Nothing was written now. ' +
      'Read the resources to see the result.';
    return problem('already-carried-out', detail, { cause });
  },
  contention: (cause) => {
    const detail =
      'Another command changed the same stream first in every attempt. Nothing was written. Repeat the request.';
    return problem('contention', detail, { cause, headers: retryAfter });
  },
  'unknown-outcome': (cause) => {
    const detail =
      'The event log did not answer in time. The command may have been committed, or may still be committed. Repeat it ' +
      'with the same Idempotency-Key: it is then carried out once. Without a key, read the resource first.';
    return problem('unknown-outcome', detail, { cause, headers: retryAfter });
  },
  'clock-off': (cause) => {
    const detail =
      'The clock of the server is off, so it can neither commit nor answer about the past. Nothing was written. ' +
      'Repeat the request after a moment.';
    return problem('clock-off', detail, { cause, headers: retryAfter });
  },
  'future-instant': (cause) => {
    const detail =
      'The instant in `at` has not passed yet, so an answer about it could change. Ask for an earlier instant, or leave ' +
      '`at` out to get the newest state.';
    return problem('future-instant', detail, {
      cause,
      errors: [{ parameter: 'at', detail: 'In the future.' }],
    });
  },
  'commit-too-large': (cause) => {
    const detail =
      'The events of this command are larger than one commit can be (400 KB). Nothing was written.';
    return problem('commit-too-large', detail, { cause });
  },
  erased: (cause) => {
    const detail =
      'The personal data of this resource are erased, so it cannot be changed. Nothing was written.';
    return problem('erased', detail, { cause });
  },
  'unreadable-event': internalError,
  'log-changed': (cause, correlationId) => {
    const detail =
      'The record of this resource is not what was stored, so the server neither changes it nor answers from it. Nothing was ' +
      `written. Repeating the request does not help. The server's log has the reason under correlation id ${correlationId}.`;
    return problem('log-changed', detail, { cause });
  },
};

function versionSentence({ actualVersion }: EventSourcingError): string {
  if (actualVersion === undefined) return 'The stream is at another version.';
  return actualVersion === 0 ? 'The stream does not exist.' : `The stream is at version ${actualVersion}.`;
}

function unavailable(cause: unknown): HttpProblem {
  const detail =
    'A service that this one needs is busy or did not answer in time. Repeat the request after a moment. ' +
    'A command may have been committed; repeating it with the same Idempotency-Key does not commit it twice.';
  return problem('unavailable', detail, { cause, headers: retryAfter });
}

function internalError(cause: unknown, correlationId: string): HttpProblem {
  const detail = `The server failed. Its log has the reason under correlation id ${correlationId}.`;
  return problem('internal-error', detail, { cause });
}

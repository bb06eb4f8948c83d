/** Why the kernel refuses something, apart from business rules. Codes are stable and independent of any transport. */
export type EventSourcingErrorCode =
  /** The stream is not at the version that the caller expects. */
  | 'version-mismatch'
  /** The idempotency key was already used for another command on the stream. */
  | 'idempotency-key-reused'
  /** Another stream proves that the command was carried out, but its answer can no longer be found. Nothing was written. */
  | 'already-carried-out'
  /** Other writers committed first in every attempt. */
  | 'contention'
  /** Every append was cut off, and its outcome is not known. The command may have been committed. */
  | 'unknown-outcome'
  /** The clock of this process differs too much from the clock of the log's service. Nothing was written. */
  | 'clock-off'
  /** The requested instant has not passed yet. */
  | 'future-instant'
  /** The commit would not fit into a DynamoDB item (400 KB). */
  | 'commit-too-large'
  /** The data key of the stream is destroyed, although its events do not say that its data are erased. Nothing was written. */
  | 'erased'
  /** A stored commit is malformed, or one of its events has an unknown type or schema version. */
  | 'unreadable-event'
  /** A stored commit is missing, or it is not the one that was appended: its hash does not fit its content, or its place. */
  | 'log-changed';

/** An error of the kernel. Callers distinguish errors by `code`, not by the message. */
export class EventSourcingError extends Error {
  override readonly name = 'EventSourcingError';
  readonly code: EventSourcingErrorCode;
  /** The stream that it is about. */
  readonly stream: string;
  /** The actual version of the stream, for `version-mismatch`. */
  readonly actualVersion: number | undefined;

  constructor(
    code: EventSourcingErrorCode,
    stream: string,
    message: string,
    options: { actualVersion?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.stream = stream;
    this.actualVersion = options.actualVersion;
  }
}

/** True for an error of the kernel. With `code`: true only for this code. */
export function isEventSourcingError(
  error: unknown,
  code?: EventSourcingErrorCode,
): error is EventSourcingError {
  return error instanceof EventSourcingError && (code === undefined || error.code === code);
}

/** The message of anything that was thrown. Never throws itself. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'The error has no readable message.';
  }
}

/** The kernel's own refusals, none of them a business rule. Codes are stable and know no transport. */
export type EventSourcingErrorCode =
  /** The caller named a version that the stream is not at. */
  | 'version-mismatch'
  /** The idempotency key was already used for another command on the stream. */
  | 'idempotency-key-reused'
  /** Other writers won every one of the bounded retries. */
  | 'contention'
  /** The commit's item would pass DynamoDB's 400 KB. */
  | 'commit-too-large'
  /** A stored event cannot be read: not JSON, of a type nobody knows, or from a newer schema. */
  | 'unreadable-event';

export class EventSourcingError extends Error {
  override readonly name = 'EventSourcingError';
  readonly code: EventSourcingErrorCode;
  /** `category/id` of the stream concerned. */
  readonly stream: string;
  /** The stream's actual version, where the code is about versions. */
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

export function isEventSourcingError(
  error: unknown,
  code?: EventSourcingErrorCode,
): error is EventSourcingError {
  return error instanceof EventSourcingError && (code === undefined || error.code === code);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

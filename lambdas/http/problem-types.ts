/**
 * The problems of the HTTP layer by code, with HTTP status and title. A code is the last part of `type` and never changes.
 * Rejections of a context have their own codes (`ledger/insufficient-funds`); their kind determines the status.
 */
export const problemTypes = {
  /** A direct invocation whose payload is not an HTTP API event, format 2.0. */
  'invalid-event': { status: 400, title: 'Not an HTTP API event' },
  /** The path's percent-encoding cannot be decoded, or it has a segment `.` or `..`. */
  'invalid-path': { status: 400, title: 'Malformed path' },
  'invalid-path-parameter': { status: 400, title: 'Invalid path parameter' },
  /** A query parameter is unknown, repeated, not decodable or of the wrong form. */
  'invalid-query': { status: 400, title: 'Invalid query parameter' },
  /** `If-Match`, `If-None-Match` or `Idempotency-Key` is present, but not in the form of its specification. */
  'invalid-header': { status: 400, title: 'Invalid header' },
  /** `at` is an instant that has not passed yet, so an answer about it could change. */
  'future-instant': { status: 400, title: 'Instant in the future' },
  'invalid-cursor': { status: 400, title: 'Invalid cursor' },
  'empty-body': { status: 400, title: 'Empty body' },
  'invalid-base64': { status: 400, title: 'Body is not base64' },
  'invalid-utf-8': { status: 400, title: 'Body is not UTF-8' },
  'invalid-json': { status: 400, title: 'Body is not JSON' },
  /** An object of the body has a key twice. `errors` points at it. */
  'duplicate-key': { status: 400, title: 'Duplicate key' },
  /** A double cannot represent a number of the body exactly. */
  'inexact-number': { status: 400, title: 'Number too precise or too large' },
  /** The body is JSON, but does not match the route's schema. `errors` says why. */
  'invalid-body': { status: 400, title: 'Invalid body' },
  /** The request has no identity, or one that this stage cannot use. */
  unauthenticated: { status: 401, title: 'Not authenticated' },
  'insufficient-scope': { status: 403, title: 'Insufficient scope' },
  'unknown-path': { status: 404, title: 'Unknown path' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  /** A repeated command on several streams whose first answer can no longer be found. */
  'already-carried-out': { status: 409, title: 'Already carried out' },
  /** The data key of the stream is destroyed. Nothing can be added to it. */
  erased: { status: 409, title: 'Erased' },
  /** The stream is at a version that `If-Match` or `If-None-Match` does not accept. */
  'version-mismatch': { status: 412, title: 'Version mismatch' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'commit-too-large': { status: 413, title: 'Command too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key reused' },
  /** A commit in the log is not what was appended. No client can mend it, and no repetition: so 500, and neither 409 nor 503. */
  'log-changed': { status: 500, title: 'Log changed' },
  /** The answer is larger than a Lambda function can return. */
  'answer-too-large': { status: 500, title: 'Answer too large' },
  'internal-error': { status: 500, title: 'Internal error' },
  /** Another writer committed first in every attempt. */
  contention: { status: 503, title: 'Too many writers' },
  /** The appends of a command were cut off, and its outcome is not known. */
  'unknown-outcome': { status: 503, title: 'Unknown outcome' },
  /** The clock of the function differs too much from the clock of the event log. */
  'clock-off': { status: 503, title: 'Clock is off' },
  /** A required service is throttling, does not answer in time or is down. */
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

/** The code of a problem of the HTTP layer. */
export type ProblemCode = keyof typeof problemTypes;

const typePrefix = 'urn:streamfold:problem:';

/** The `type` member of a problem with this code. */
export function problemType(code: string): string {
  return `${typePrefix}${code}`;
}

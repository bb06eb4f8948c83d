/**
 * Every problem this layer itself can answer: the code (last part of `type`, stable), its HTTP status and its title.
 * Refusals of a context add theirs (`ledger/insufficient-funds`); their status follows from the rejection's kind.
 */
export const problemTypes = {
  /** A direct invocation whose payload is not an HTTP API event, format 2.0. */
  'invalid-event': { status: 400, title: 'Not an HTTP API event' },
  /** The path's percent-encoding cannot be decoded. */
  'invalid-path': { status: 400, title: 'Malformed path' },
  'invalid-path-parameter': { status: 400, title: 'Invalid path parameter' },
  /** A query parameter that is unknown, repeated, undecodable or of the wrong form. */
  'invalid-query': { status: 400, title: 'Invalid query parameter' },
  /** `If-Match`, `Idempotency-Key`: present, but not of the form their specification gives. */
  'invalid-header': { status: 400, title: 'Invalid header' },
  'invalid-cursor': { status: 400, title: 'Invalid cursor' },
  'empty-body': { status: 400, title: 'Empty body' },
  'invalid-base64': { status: 400, title: 'Body is not base64' },
  'invalid-utf-8': { status: 400, title: 'Body is not UTF-8' },
  'invalid-json': { status: 400, title: 'Body is not JSON' },
  /** A number literal that a double cannot hold exactly as written. */
  'inexact-number': { status: 400, title: 'Number too precise or too large' },
  /** JSON, but not what the route takes: see `errors`. */
  'invalid-body': { status: 400, title: 'Invalid body' },
  /** A token, by another route of the HTTP API than the one whose scopes guard what it asks for. */
  'wrong-route': { status: 403, title: 'Wrong route' },
  'unknown-path': { status: 404, title: 'Unknown path' },
  'method-not-allowed': { status: 405, title: 'Method not allowed' },
  /** `If-Match` names a version the stream is not at. */
  'version-mismatch': { status: 412, title: 'Version mismatch' },
  'body-too-large': { status: 413, title: 'Body too large' },
  'commit-too-large': { status: 413, title: 'Command too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key reused' },
  'internal-error': { status: 500, title: 'Internal error' },
  /** Other writers won every retry on the same stream. */
  contention: { status: 503, title: 'Too many writers' },
  /** A service behind this one is throttling, timing out or down. */
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof problemTypes;

const typePrefix = 'urn:streamfold:problem:';

/** The `type` member of a problem with this code. */
export function problemType(code: string): string {
  return `${typePrefix}${code}`;
}

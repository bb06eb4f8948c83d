import { randomUUID } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import type { CommandRequest, CommandResult } from '../kernel/index.ts';
import { etag, parseIdempotencyKey, versionTest } from './conditions.ts';
import type { HttpRequest } from './messages.ts';
import { rejectionProblem } from './problem.ts';

/** Namespace of the ids that are derived from idempotency keys (RFC 9562, UUIDv5). */
const keyNamespace = '6f1c1b0e-6a43-4b6e-9a5c-0d5d3c8f7a21';

/**
 * The kernel's request for an HTTP request with a command. `operation` is the name of the route's operation. It
 * distinguishes, together with the parsed body, a retry from another command. Throws `invalid-header`.
 */
export function commandRequest(
  operation: string,
  { headers, body, context }: Pick<HttpRequest, 'headers' | 'body' | 'context'>,
): CommandRequest {
  return {
    commandId: parseIdempotencyKey(headers) ?? randomUUID(),
    // A missing body means the same as an empty one.
    intent: [operation, body ?? {}],
    now: context.now,
    correlationId: context.correlationId,
    actor: context.actor,
    traceparent: context.traceparent,
    expectedVersion: versionTest(headers),
  };
}

/** An id derived from an idempotency key: every retry gets the same id. Different purposes get different ids. */
export function idFromKey(purpose: string, key: string): string {
  return uuidv5(`${purpose}:${key}`, keyNamespace);
}

/**
 * The id of the aggregate that a request creates. It is derived from the idempotency key, so a retry uses the same stream,
 * and from the actor, so two callers with the same key get two streams. Without a key it is random. Throws `invalid-header`.
 */
export function newAggregateId(
  category: string,
  { headers, context }: Pick<HttpRequest, 'headers' | 'context'>,
): string {
  const key = parseIdempotencyKey(headers);
  return key === undefined ? randomUUID() : idFromKey(`${category} of ${context.actor ?? 'anyone'}`, key);
}

/**
 * The answer to a command: `{ id, version, ...answer }` with its `ETag`. The status is 201, with `Location`, if the command
 * created an aggregate, and 200 otherwise. Throws the problem of a rejection.
 */
export function commandAnswer<Answer extends object>(result: CommandResult<Answer>, resource: string) {
  if (result.outcome === 'rejected') throw rejectionProblem(result.rejection);
  const { id, version, created, answer } = result;
  const body = { id, version, ...answer };
  const headers = { etag: etag(version) };
  if (!created) return { status: 200 as const, headers, body };
  return { status: 201 as const, headers: { ...headers, location: `${resource}/${id}` }, body };
}

import { randomUUID } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import {
  type CommandRequest,
  type CommandResult,
  commandIdOfKey,
  commandIdWithoutKey,
  defaultTenant,
  type SubjectKeys,
  tenantKeyName,
} from '../kernel/index.ts';
import { etag, parseIdempotencyKey, versionTest } from './conditions.ts';
import type { HttpRequest, RequestContext } from './messages.ts';
import { rejectionProblem } from './problem.ts';
import type { CommandResource } from './resource.ts';

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
  const key = parseIdempotencyKey(headers);
  const { now, correlationId, actor, traceparent } = context;
  return {
    commandId:
      key === undefined
        ? commandIdWithoutKey(randomUUID())
        : commandIdOfKey({ tenant: tenantOf(context), caller: actor }, key),
    earlier: earlierIdentity(context, key),
    // A missing body means the same as an empty one.
    intent: [operation, body ?? {}],
    now,
    correlationId,
    actor,
    traceparent,
    expectedVersion: versionTest(headers),
  };
}

/** An id derived from these parts: the same for every retry. The parts are encoded as JSON, so others give another id. */
export function derivedId(...parts: readonly (string | null)[]): string {
  return uuidv5(JSON.stringify(parts), keyNamespace);
}

/**
 * The id of the aggregate that a request creates, and the request for the kernel. The id is derived from the category, the
 * caller and the idempotency key: a retry uses the same stream, and two callers with the same key get two streams. If the aggregate has
 * personal data, the id is derived by the search key of the tenant: the log does not confirm a guess of the idempotency key, which a caller
 * may have made from a name. Without a key it is random. Throws `invalid-header`, and an outage of the keys.
 */
export async function createRequest(
  { category, hasPersonalData }: Pick<CommandResource<object>, 'category' | 'hasPersonalData'>,
  operation: string,
  http: Pick<HttpRequest, 'headers' | 'body' | 'context'>,
  keys: Pick<SubjectKeys, 'create'>,
): Promise<{ readonly id: string; readonly request: CommandRequest }> {
  const request = commandRequest(operation, http);
  const key = parseIdempotencyKey(http.headers);
  if (key === undefined) return { id: randomUUID(), request };
  const { actor = null, earlierActor } = http.context;
  const tenant = tenantOf(http.context);
  const caller = tenant === defaultTenant ? [actor] : [tenant, actor];
  // The earlier derivation, with which other callers and keys could give the same id. See `EarlierIdentity`.
  const createdId = uuidv5(`${category} of ${earlierActor ?? 'anyone'}:${key}`, keyNamespace);
  const parts = ['new aggregate', category, ...caller, key];
  const id = derivedId(...parts);
  const recognised = { ...request, ...(request.earlier && { earlier: { ...request.earlier, createdId } }) };
  if (!hasPersonalData) return { id, request: recognised };
  const search = await keys.create(tenantKeyName(tenant));
  return { id: derivedId(search.mac(...parts)), request: { ...recognised, createdIdBefore: id } };
}

/**
 * The request for an aggregate that is about a person, but has no data key of its own. Its command id is made by the search key of the tenant: the
 * log does not confirm a guess of the idempotency key, also after the person is erased. Throws `invalid-header`, and an outage of the keys.
 */
export async function tenantKeyedRequest(
  operation: string,
  http: Pick<HttpRequest, 'headers' | 'body' | 'context'>,
  keys: Pick<SubjectKeys, 'create'>,
): Promise<CommandRequest> {
  const request = commandRequest(operation, http);
  if (parseIdempotencyKey(http.headers) === undefined) return request;
  const search = await keys.create(tenantKeyName(tenantOf(http.context)));
  return { ...request, commandId: commandIdWithoutKey(search.mac('command id', request.commandId)) };
}

/** See `EarlierIdentity`. The release before had the default tenant only. */
function earlierIdentity(context: RequestContext, key: string | undefined): CommandRequest['earlier'] {
  if (key === undefined || tenantOf(context) !== defaultTenant) return undefined;
  return { commandId: key, actor: context.earlierActor };
}

/** The tenant of a command's caller. Routes of commands are never open, so they have a principal. */
function tenantOf({ principal }: RequestContext): string {
  return principal?.tenant ?? defaultTenant;
}

/**
 * The answer to a command: `{ id, version, ...answer }` with its `ETag`. The status is 201, with `Location`, if the command
 * created an aggregate, and 200 otherwise. `Idempotency-Replayed: true` says that an earlier request with the same key had
 * carried it out. `commits`: this request has appended the commit. Throws the problem of a rejection.
 */
export function commandAnswer<Answer extends object>(result: CommandResult<Answer>, resource: string) {
  if (result.outcome === 'rejected') throw rejectionProblem(result.rejection);
  const { outcome, id, version, created, answer } = result;
  const body = { id, version, ...answer };
  const headers = { etag: etag(version), ...(outcome === 'repeated' && { 'idempotency-replayed': 'true' }) };
  const commits = outcome === 'committed';
  if (!created) return { status: 200 as const, headers, body, commits };
  return { status: 201 as const, headers: { ...headers, location: `${resource}/${id}` }, body, commits };
}

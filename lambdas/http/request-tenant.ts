import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type CommandHandler,
  type DomainEvent,
  defaultTenant,
  type Listing,
  type LogQueries,
  type RowQueries,
  type SubjectKeys,
  tenantCommands,
  tenantKeys,
  tenantLog,
  tenantRows,
} from '../kernel/index.ts';
import type { Cursors } from './cursor.ts';

/*
 * Divides the data of tenants, below all routes. The router notes the tenant of the principal for the time of a request,
 * and the ports that routes get ask for it at every call. So routes know plain ids only, and none can forget the tenant or choose it.
 * A route that keeps something between requests must keep it by tenant: see `tenant` of the principal.
 */
const tenants = /* @__PURE__ */ new AsyncLocalStorage<string | undefined>();

/** Answers a request of this tenant. Undefined: the request has no principal, and no port that is divided can be used. */
export function forTenant<Result>(
  tenant: string | undefined,
  answer: () => Promise<Result>,
): Promise<Result> {
  return tenants.run(tenant, answer);
}

/** The tenant of the request that is being answered. Throws outside of requests that have a principal. */
export function requestTenant(): string {
  const tenant = tenants.getStore();
  if (tenant === undefined) throw new Error('The data of tenants is for requests with a principal only.');
  return tenant;
}

/** What the routes of one context use. */
interface ContextPorts<State, Command, Event extends DomainEvent, Answer, Row, Line, List extends string> {
  readonly handler: Pick<CommandHandler<State, Command, Event, Answer>, 'handle'>;
  readonly log: LogQueries;
  readonly readModel: RowQueries<Row, Line, List>;
  readonly keys: SubjectKeys;
}

/** The ports of a context, divided by tenants. */
export function dividedPorts<
  State,
  Command,
  Event extends DomainEvent,
  Answer,
  Row,
  Line,
  List extends string,
>(
  { handler, log, readModel, keys }: ContextPorts<State, Command, Event, Answer, Row, Line, List>,
  projection: Pick<Listing<Row, Line, List>, 'rowIds' | 'sharedLists'>,
): ContextPorts<State, Command, Event, Answer, Row, Line, List> {
  return {
    handler: tenantCommands(handler, requestTenant),
    log: dividedLog(log),
    readModel: dividedRows(readModel, projection),
    keys: dividedKeys(keys),
  };
}

/** A log, divided by tenants. */
export function dividedLog(log: LogQueries): LogQueries {
  return tenantLog(log, requestTenant);
}

/** A read model, divided by tenants. */
export function dividedRows<Row, Line, List extends string>(
  readModel: RowQueries<Row, Line, List>,
  projection: Pick<Listing<Row, Line, List>, 'rowIds' | 'sharedLists'>,
): RowQueries<Row, Line, List> {
  return tenantRows(readModel, projection, requestTenant);
}

/** The keys of streams, divided by tenants. */
export function dividedKeys(keys: SubjectKeys): SubjectKeys {
  return tenantKeys(keys, requestTenant);
}

/** Cursors, divided by tenants: one of another tenant is refused. Those of the default tenant are as before. */
export function dividedCursors({ encode, decode }: Cursors): Cursors {
  return {
    encode: (scope, position) => encode(tenantScope(scope), position),
    decode: (scope, text) => decode(tenantScope(scope), text),
  };
}

/** The scope of a list begins with a slash, and the name of a tenant does not. */
function tenantScope(scope: string): string {
  const tenant = requestTenant();
  return tenant === defaultTenant ? scope : `${tenant}:${scope}`;
}

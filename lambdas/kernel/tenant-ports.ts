import type { CommandHandler } from './command-handler.ts';
import type { Targets } from './command-request.ts';
import type { DomainEvent } from './decider.ts';
import type { EventLog } from './event-log.ts';
import type { Listing } from './projection.ts';
import type { RowQueries } from './read-model.ts';
import { idOfKey, keyOfTenant, streamOfTenant } from './stream-name.ts';
import { type SubjectKey, type SubjectKeys, tenantKeyName } from './subject-keys.ts';
import type { SealedPasts } from './time-travel.ts';

/*
 * What one tenant sees of a log, a read model, keys and a command handler. Ids and names of streams are plain here: they have no tenant.
 * Nothing of another tenant can be named. `tenant` is asked at every call.
 */

/** The part of a log that queries use. */
export interface LogQueries extends Pick<EventLog, 'read' | 'readCommit'> {
  /** The sealed past of the streams in the log. Default: none, the log is read from the start. */
  readonly sealed?: SealedPasts;
}

/** A tenant's streams, by plain names. The commits that it returns have the whole names. */
export function tenantLog(log: LogQueries, tenant: () => string): LogQueries {
  const { sealed } = log;
  return {
    read: (stream, range) => log.read(streamOfTenant(tenant(), stream), range),
    readCommit: async (stream, version) => log.readCommit(streamOfTenant(tenant(), stream), version),
    ...(sealed && {
      sealed: {
        past: (stream, point, form) => sealed.past(streamOfTenant(tenant(), stream), point, form),
        fits: (stream, end) => sealed.fits(streamOfTenant(tenant(), stream), end),
        doubt: (stream, error) => sealed.doubt(streamOfTenant(tenant(), stream), error),
        noteUnsealed: (stream, events) => sealed.noteUnsealed(streamOfTenant(tenant(), stream), events),
      },
    }),
  };
}

/**
 * A tenant's rows, by plain ids. The rows that it lists have their whole ids as `rowId`. A list that all tenants share cannot be
 * read: it throws.
 */
export function tenantRows<Row, Line, List extends string>(
  readModel: RowQueries<Row, Line, List>,
  { rowIds = 'keys', sharedLists = [] }: Pick<Listing<Row, Line, List>, 'rowIds' | 'sharedLists'>,
  tenant: () => string,
): RowQueries<Row, Line, List> {
  const rowId = rowIds === 'keys' ? keyOfTenant : streamOfTenant;
  const own = (list: List): List => {
    if (sharedLists.includes(list)) throw new Error(`The list ${list} has data of all tenants.`);
    return list;
  };
  return {
    find: async (id) => readModel.find(rowId(tenant(), id)),
    lines: async (id, range) => readModel.lines(rowId(tenant(), id), range),
    list: async (list, range) => readModel.list(own(list), { ...range, tenant: tenant() }),
    listLines: async (list, range) => readModel.listLines(own(list), { ...range, tenant: tenant() }),
    count: async (list, bounds, max) => readModel.count(own(list), { ...bounds, tenant: tenant() }, max),
    generation: () => readModel.generation(),
  };
}

/** Sends commands to a tenant's streams. The ids of targets and results are plain. */
export function tenantCommands<State, Command, Event extends DomainEvent, Answer>(
  handler: Pick<CommandHandler<State, Command, Event, Answer>, 'handle'>,
  tenant: () => string,
): Pick<CommandHandler<State, Command, Event, Answer>, 'handle'> {
  return {
    handle: async (targets, request) => {
      const own = targets.map((target) => ({ ...target, id: keyOfTenant(tenant(), target.id) }));
      const result = await handler.handle(own as unknown as Targets<Command, State>, request);
      return result.outcome === 'rejected' ? result : { ...result, id: idOfKey(result.id) };
    },
  };
}

/**
 * The keys of a tenant's streams, by plain names, and the tenant's own key by {@link tenantKeyName}. They encrypt and decrypt for plain
 * names too. Throws for the name of any other key.
 */
export function tenantKeys(keys: SubjectKeys, tenant: () => string): SubjectKeys {
  const nameIn = (own: string, name: string) =>
    name === tenantKeyName(own) ? name : streamOfTenant(own, name);
  return {
    find: async (name) => {
      const own = tenant();
      const found = await keys.find(nameIn(own, name));
      return found && keyFor(own, found);
    },
    findAll: async (names) => {
      const own = tenant();
      const found = await keys.findAll(names.map((name) => nameIn(own, name)));
      const plain = names.flatMap((name) => {
        const key = found.get(nameIn(own, name));
        return key ? [[name, keyFor(own, key)] as const] : [];
      });
      return new Map(plain);
    },
    create: async (name) => {
      const own = tenant();
      return keyFor(own, await keys.create(nameIn(own, name)));
    },
  };
}

/** A key that takes the plain names of a tenant's streams. */
function keyFor(tenant: string, key: SubjectKey): SubjectKey {
  return {
    id: key.id,
    encrypt: (stream, place, value) => key.encrypt(streamOfTenant(tenant, stream), place, value),
    decrypt: (stream, envelope) => key.decrypt(streamOfTenant(tenant, stream), envelope),
    mac: (...parts) => key.mac(...parts),
  };
}

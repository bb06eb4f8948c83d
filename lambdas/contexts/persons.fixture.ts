import { type StreamName, type SubjectKeys, tenantKeyName } from '../kernel/index.ts';
import { DataKey } from '../kernel/privacy/index.ts';
import type { FoundPerson, IndexedPerson, PersonIndex } from './person-index.ts';
import { dividedPersons, type PersonQuestion, personEntry } from './person-search.ts';

/** A person of the fixture. `streams`: whole names. */
interface KnownPerson extends IndexedPerson {
  readonly tenant?: string;
  readonly found?: PersonQuestion;
  readonly streams?: readonly StreamName[];
}

/** Persons in memory, of all tenants. `tenantOf`: default is the tenant of the request. */
export function memoryPersons(tenantOf?: () => string) {
  const known = new Map<string, KnownPerson>();
  const keyOf = (tenant: string) => new DataKey(tenant, Buffer.alloc(32, tenant));
  const keys: Pick<SubjectKeys, 'find'> = {
    find: async (name) => keyOf(name.slice(tenantKeyName('').length)),
  };
  const ofTenant = (tenant: string) =>
    [...known.values()].filter((person) => (person.tenant ?? 'default') === tenant);
  const index: PersonIndex = {
    person: async (tenant, personId) => {
      const person = ofTenant(tenant).find((each) => each.personId === personId);
      if (person === undefined) return undefined;
      const { sameAs, erasedAt } = person;
      return {
        personId,
        ...(sameAs !== undefined && { sameAs }),
        ...(erasedAt !== undefined && { erasedAt }),
      };
    },
    withIdentifier: async ({ tenant, identifierMac }) =>
      ofTenant(tenant).flatMap(({ personId, found }): FoundPerson[] => {
        if (found === undefined) return [];
        const entry = personEntry(keyOf(tenant), tenant, found);
        return entry.identifierMac === identifierMac ? [{ personId, birthMac: entry.birthMac }] : [];
      }),
    streamsOf: async (tenant, personId, after = '') => {
      const { streams = [] } = ofTenant(tenant).find((each) => each.personId === personId) ?? {};
      const rest = streams.filter((stream) => stream > after);
      const page = rest.slice(0, 100);
      const last = page.at(-1);
      return { streams: page, ...(rest.length > page.length && last !== undefined && { next: last }) };
    },
  };
  return {
    index,
    keys,
    persons: dividedPersons(index, keys, tenantOf),
    /** Adds or replaces a person. */
    add: (person: KnownPerson) => known.set(`${person.tenant ?? 'default'}/${person.personId}`, person),
  };
}

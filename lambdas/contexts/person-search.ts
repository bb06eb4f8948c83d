import { requestTenant } from '../http/request-tenant.ts';
import {
  plainStreamName,
  type StreamName,
  type SubjectKey,
  type SubjectKeys,
  tenantKeyName,
} from '../kernel/index.ts';
import type { IndexedPerson, PersonEntry, PersonIndex } from './person-index.ts';

/** What finds a person, in plain text. */
export interface PersonQuestion {
  readonly identifier: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
}

/** `sameAs` is followed this often: of each pair, one was written by a race or by a correction. */
const sameAsMax = 20;

/**
 * An identifier as it is compared: compatible forms (NFKC) and cases are the same; white space and invisible characters do not count. Other
 * characters do: "1-23" and "12-3" are different numbers. The index, the dispense and the search must agree on it. Changing it makes the persons of
 * before unfindable.
 */
export function normalizedIdentifier(identifier: string): string {
  return identifier
    .normalize('NFKC')
    .replace(/[\s\p{Default_Ignorable_Code_Point}]+/gu, '')
    .toUpperCase();
}

/**
 * The entry by which a person is found. `key`: the search key of the tenant ({@link tenantKeyName}). The HMAC of the birth date has the
 * identifier in it, so that two persons with the same birth date do not have the same.
 */
export function personEntry(
  key: Pick<SubjectKey, 'mac'>,
  tenant: string,
  { identifier, birthDate }: PersonQuestion,
): PersonEntry {
  return {
    tenant,
    identifierMac: identifierMac(key, identifier),
    birthMac: key.mac('person birth date', normalizedIdentifier(identifier), birthDate),
  };
}

function identifierMac(key: Pick<SubjectKey, 'mac'>, identifier: string): string {
  return key.mac('person identifier', normalizedIdentifier(identifier));
}

/** The person that stands for this one: itself, or the one that `sameAs` names. Undefined: nobody has this id, in this tenant. */
export async function canonicalPerson(
  index: Pick<PersonIndex, 'person'>,
  tenant: string,
  personId: string,
): Promise<IndexedPerson | undefined> {
  let id = personId;
  for (let step = 0; step < sameAsMax; step += 1) {
    const found = await index.person(tenant, id);
    if (found?.sameAs === undefined) return found;
    id = found.sameAs;
  }
  throw new Error(`The person ${personId} is the same as another, more than ${sameAsMax} times in a row.`);
}

/** The persons of one tenant: that of the caller, in requests. Ids and streams are plain. */
export interface TenantPersons {
  /**
   * The ids of the persons with this identifier, of those with this birth date if it is given: at most 100, in the order of their ids. One who
   * is the same as another is given as the other. A person whose erasure has begun is not found: who is entered again is a new person.
   */
  search(question: Pick<PersonQuestion, 'identifier'> & Partial<PersonQuestion>): Promise<readonly string[]>;
  /** See {@link canonicalPerson}. */
  find(personId: string): Promise<IndexedPerson | undefined>;
  /** The streams of a person, a page at a time, at most 100. `after`: `next` of the page before. */
  streamsOf(
    personId: string,
    after?: string,
  ): Promise<{ readonly streams: readonly StreamName[]; readonly next?: string }>;
}

/** The persons of the caller's tenant, for routes. */
export function dividedPersons(
  index: PersonIndex,
  keys: Pick<SubjectKeys, 'find'>,
  tenantOf: () => string = requestTenant,
): TenantPersons {
  const find = (personId: string) => canonicalPerson(index, tenantOf(), personId);
  return {
    find,
    search: async ({ identifier, birthDate }) => {
      const tenant = tenantOf();
      const key = await keys.find(tenantKeyName(tenant));
      // Without a key, no person of the tenant was ever indexed.
      if (key === undefined) return [];
      const found = await index.withIdentifier({ tenant, identifierMac: identifierMac(key, identifier) });
      const birthMac = birthDate && personEntry(key, tenant, { identifier, birthDate }).birthMac;
      const matching = found.filter((each) => birthMac === undefined || each.birthMac === birthMac);
      const persons = await Promise.all(matching.map(({ personId }) => find(personId)));
      const known = persons.flatMap((person) =>
        person === undefined || person.erasedAt !== undefined ? [] : [person.personId],
      );
      return [...new Set(known)].toSorted();
    },
    streamsOf: async (personId, after) => {
      const { streams, ...page } = await index.streamsOf(tenantOf(), personId, after);
      return { ...page, streams: streams.map(plainStreamName) };
    },
  };
}

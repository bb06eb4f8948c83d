import { randomUUID } from 'node:crypto';
import type { TenantPersons } from './person-search.ts';

/**
 * The id of the person of a patient: of a known person with the same identifier and birth date, or else a new random one. A patient without
 * an identifier is always a new person: a name and a birth date do not tell persons apart. Of two first requests at the same time, each gets an id;
 * the index joins them later. Throws an outage.
 */
export async function personIdFor(
  persons: Pick<TenantPersons, 'search'>,
  { identifier, birthDate }: { readonly identifier?: string | undefined; readonly birthDate: string },
): Promise<string> {
  const [known] = identifier === undefined ? [] : await persons.search({ identifier, birthDate });
  return known ?? randomUUID();
}

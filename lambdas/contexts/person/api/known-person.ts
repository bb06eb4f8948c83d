import { notFound } from '../../../http/resource.ts';
import type { IndexedPerson } from '../../person-index.ts';
import type { TenantPersons } from '../../person-search.ts';
import { persons } from './answers.ts';

/** The person with this id, or the one that is the same. Throws the problem 404 if the index does not know the id. */
export async function knownPerson(index: Pick<TenantPersons, 'find'>, id: string): Promise<IndexedPerson> {
  const found = await index.find(id);
  if (found === undefined) throw notFound(persons, 'There is no person with this id.');
  return found;
}

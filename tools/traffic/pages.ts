import type { Api } from './api.ts';
import type { Members } from './context-types.ts';
import { membersOf } from './outcome.ts';

const pageLimit = 100;

/**
 * Reads all pages of a list and keeps the items that `isWanted` accepts. Stops with a problem at a page that cannot be read,
 * and when there are more pages than `itemsMax` items fill.
 */
export async function readList(
  api: Api,
  path: string,
  itemsMax: number,
  filter: Readonly<Record<string, string>> = {},
  isWanted: (item: Members) => boolean = () => true,
): Promise<{ items: Members[]; problems: string[] }> {
  const read: Members[] = [];
  const query = new URLSearchParams({ ...filter, limit: String(pageLimit) });
  const pagesMax = Math.ceil(itemsMax / pageLimit) + 1;
  for (let page = 1; page <= pagesMax; page += 1) {
    const { status, body } = await api.send({ method: 'GET', path: `${path}?${query}` });
    const { items, next } = membersOf(status === 200 ? body : undefined);
    if (!Array.isArray(items))
      return { items: read, problems: [`GET ${path} answers ${status} on page ${page}`] };
    read.push(...items.filter(isWanted));
    if (next === undefined) return { items: read, problems: [] };
    query.set('cursor', String(next));
  }
  return { items: read, problems: [`GET ${path} goes on after page ${pagesMax}`] };
}

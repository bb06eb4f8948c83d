import type { Api } from './api.ts';

const pageLimit = 100;

/** Pages that a list of so many items fills at most. */
export function pagesFor(items: number): number {
  return Math.ceil(items / pageLimit) + 1;
}

/** The pages of a list; a sentence in the place of one that cannot be read, or of the first too many. */
export async function* pagesOf<Item>(
  api: Api,
  path: string,
  pagesMax: number,
  filters: Readonly<Record<string, string>> = {},
): AsyncGenerator<Item[] | string> {
  let cursor: string | undefined;
  for (let pages = 1; ; pages += 1) {
    if (pages > pagesMax) {
      yield `GET ${path} goes on behind page ${pagesMax}`;
      return;
    }
    const paging = { limit: String(pageLimit), ...(cursor !== undefined && { cursor }) };
    const query = new URLSearchParams({ ...filters, ...paging });
    const { status, body } = await api.send({ method: 'GET', path: `${path}?${query}` });
    const { items, next } = (status === 200 ? body : {}) as { items?: unknown; next?: string };
    if (!Array.isArray(items)) {
      yield `GET ${path} answers ${status} on page ${pages}`;
      return;
    }
    yield items;
    if (next === undefined) return;
    cursor = next;
  }
}

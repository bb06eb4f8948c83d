import type { ListOf } from '../../../../schema/contexts.ts';
import { filteredPage } from '../../../http/filtered-page.ts';
import type { PageItems } from '../../../http/page-body.ts';
import type { PagePosition } from '../../../http/page-route.ts';
import { keysWithPrefix, type ReadModel } from '../../../kernel/index.ts';
import type { TodoItem } from '../read-model/item.ts';
import type { TodoRow } from '../read-model/projection.ts';

/** The queries that find items. */
export type ItemLists = Pick<ReadModel<TodoRow, TodoItem, ListOf<'todo'>>, 'lines' | 'listLines'>;

/** The values that items must have. Absent: any value. */
type Filters = Partial<Pick<TodoItem, 'status' | 'context' | 'kind' | 'subject'>>;

/** A page of the items that match the filters and that `mayShow` accepts. Reads the smallest part of a list that contains all of them. */
export async function findItems(
  readModel: ItemLists,
  filters: { readonly [Name in keyof Filters]: Filters[Name] | undefined },
  position: PagePosition,
  mayShow: (item: TodoItem) => boolean,
): Promise<PageItems<TodoItem>> {
  const { subject } = filters;
  const wanted = Object.entries(filters).filter(([, value]) => value !== undefined);
  const { entries, next } = await filteredPage(
    subject === undefined ? fromList(readModel, filters) : fromSubject(readModel, subject),
    // A list may be older than its items, so every filter is applied to the item itself.
    ({ line }) => mayShow(line) && wanted.every(([name, value]) => line[name as keyof Filters] === value),
    position,
  );
  return { items: entries.map(({ line, listKey }) => ({ item: line, place: listKey })), next };
}

function fromSubject(readModel: ItemLists, subject: string) {
  return async (range: PagePosition) => {
    const { lines, hasMore } = await readModel.lines(subject, { ...range, order: 'ascending' });
    const entries = lines.map(({ key, line }) => ({ line, listKey: key }));
    return { entries, next: hasMore ? lines.at(-1)?.key : undefined };
  };
}

function fromList(
  readModel: ItemLists,
  { status, kind }: { readonly status?: string | undefined; readonly kind?: string | undefined },
) {
  return async (range: PagePosition) => {
    const { lines, next } = await (status === undefined
      ? readModel.listLines('byOpening', range)
      : kind === undefined
        ? readModel.listLines('byStatus', { ...keysWithPrefix(`${status}#`), ...range })
        : readModel.listLines('byKind', { ...keysWithPrefix(`${status}#${kind}#`), ...range }));
    return { entries: lines, next };
  };
}

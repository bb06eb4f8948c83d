import { categoryOfStream, idOfStream, rowNow } from '../kernel/index.ts';
import type { QueryResource, ReadSide } from './resource.ts';

/** Which streams of one category are erased. */
export interface CategoryErasures {
  readonly category: string;
  /** Whether the aggregate with this id, which need not exist, is erased. */
  isErased(id: string): Promise<boolean>;
}

/** Whether a stream, which need not exist, is erased. `stream`: without tenant. */
export type IsErased = (stream: string) => Promise<boolean>;

/** Joins the answers of categories. A stream of another category is never erased. */
export function erasuresOf(categories: readonly CategoryErasures[]): IsErased {
  const byName = new Map(categories.map((each) => [each.category, each]));
  return async (stream) =>
    (await byName.get(categoryOfStream(stream))?.isErased(idOfStream(stream))) ?? false;
}

/** The erasures that the rows of a resource tell. */
export function rowErasures<Row, Line>(
  resource: QueryResource<Row, Line>,
  side: RowSide<Row, Line>,
): CategoryErasures {
  return { category: resource.category, isErased: (id) => isErasedNow(resource, side, id) };
}

type RowSide<Row, Line> = Pick<ReadSide<Row, Line>, 'log' | 'readModel'>;

/**
 * Whether an aggregate is erased, with everything that is committed. For views of its past, which tells nothing of it: they are seldom asked
 * for, so they can afford to read the newest commits.
 */
export async function isErasedNow<Row, Line>(
  { projection, isErased, canBeErased }: QueryResource<Row, Line>,
  side: RowSide<Row, Line>,
  id: string,
): Promise<boolean> {
  if (!canBeErased) return false;
  const found = await rowNow(side, projection, id, true);
  return found !== undefined && isErased(found.row);
}

import { categoryOfStream, idOfStream, rowNow } from '../kernel/index.ts';
import { wantsFresh } from './conditions.ts';
import type { QueryResource, ReadSide } from './resource.ts';
import type { RequestHeaders } from './route.ts';

/** Which streams of one category are erased: for views of what the row of now is not a part of. */
export interface CategoryErasures {
  readonly category: string;
  /** Whether the aggregate with this id, which need not exist, is erased. */
  isErased(id: string, headers: RequestHeaders): Promise<boolean>;
}

/** Whether a stream, which need not exist, is erased. `stream`: without tenant. */
export type IsErased = (stream: string, headers: RequestHeaders) => Promise<boolean>;

/** Joins the answers of categories. A stream of another category is never erased. */
export function erasuresOf(categories: readonly CategoryErasures[]): IsErased {
  const byName = new Map(categories.map((each) => [each.category, each]));
  return async (stream, headers) =>
    (await byName.get(categoryOfStream(stream))?.isErased(idOfStream(stream), headers)) ?? false;
}

/** The erasures that the rows of a resource tell. */
export function rowErasures<Row, Line>(
  resource: QueryResource<Row, Line>,
  side: Pick<ReadSide<Row, Line>, 'log' | 'readModel'>,
): CategoryErasures {
  return {
    category: resource.category,
    isErased: (id, headers) => isErasedNow(resource, side, id, headers),
  };
}

/** Whether the row of now says that the aggregate is erased: the row of the log if the headers require it, or else the stored one. */
export async function isErasedNow<Row, Line>(
  { projection, isErased, canBeErased }: QueryResource<Row, Line>,
  side: Pick<ReadSide<Row, Line>, 'log' | 'readModel'>,
  id: string,
  headers: RequestHeaders,
): Promise<boolean> {
  if (!canBeErased) return false;
  const found = await rowNow(side, projection, id, wantsFresh(headers));
  return found !== undefined && isErased(found.row);
}

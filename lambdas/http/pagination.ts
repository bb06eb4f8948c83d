import * as z from 'zod';
import { type Cursors, MAX_CURSOR_CHARS } from './cursor.ts';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;

/** The query parameters every list takes, to be spread into its query schema. `limit`: 1 to 100, 50 unless told. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `Expected a whole number from 1 to ${MAX_LIMIT}`)
    .transform(Number)
    .pipe(z.number().max(MAX_LIMIT, `Expected a whole number from 1 to ${MAX_LIMIT}`))
    .default(DEFAULT_LIMIT)
    .meta({ description: `How many items at most, 1 to ${MAX_LIMIT}; ${DEFAULT_LIMIT} unless told.` }),
  cursor: z
    .string()
    .min(1)
    .max(MAX_CURSOR_CHARS)
    .optional()
    .meta({ description: 'The `next` of the page before.' }),
};

/** One page of a list; `next`, where there is more, goes back as `?cursor=`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z
      .string()
      .optional()
      .meta({ description: 'Give it as `cursor` to get the next page. Absent on the last.' }),
  });
}

/** Where the page that a cursor asks for begins: behind this key. Throws a problem for a cursor of another list. */
export function positionOf(cursors: Cursors, scope: string, cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : z.string().parse(cursors.decode(scope, cursor));
}

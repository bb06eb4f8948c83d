import * as z from 'zod';
import { type Cursors, cursorCharsMax } from './cursor.ts';

const limitMax = 100;
const defaultLimit = 50;

/** The query parameters every list takes, to be spread into its query schema. `limit`: 1 to 100, 50 unless told. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `Expected a whole number from 1 to ${limitMax}`)
    .transform(Number)
    .pipe(z.number().max(limitMax, `Expected a whole number from 1 to ${limitMax}`))
    .default(defaultLimit)
    .meta({ description: `How many items at most, 1 to ${limitMax}; ${defaultLimit} unless told.` }),
  cursor: z
    .string()
    .min(1)
    .max(cursorCharsMax)
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

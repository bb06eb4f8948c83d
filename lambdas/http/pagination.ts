import * as z from 'zod';
import { type Cursors, cursorCharsMax } from './cursor.ts';

const limitMax = 100;
const defaultLimit = 50;

/** Said in the documentation of every list. */
const bound = 'A page of large items ends earlier, before 5 MB: go on while there is a `next`.';

/** The query parameters of every list, for its query schema. `limit`: 1 to 100, default 50. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `Expected a whole number from 1 to ${limitMax}`)
    .transform(Number)
    .pipe(z.number().max(limitMax, `Expected a whole number from 1 to ${limitMax}`))
    .default(defaultLimit)
    .meta({ description: `Maximum number of items, 1 to ${limitMax}. Default: ${defaultLimit}. ${bound}` }),
  cursor: z
    .string()
    .min(1)
    .max(cursorCharsMax)
    .optional()
    .meta({ description: '`next` of the previous page.' }),
};

/** The schema of one page of a list. If there are more items, `next` is the cursor of the next page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z
      .string()
      .optional()
      .meta({ description: 'Send it as `cursor` to get the next page. Absent on the last page.' }),
  });
}

/** The key after which the page of a cursor begins. Throws `invalid-cursor`. */
export function positionOf(cursors: Cursors, scope: string, cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : z.string().parse(cursors.decode(scope, cursor));
}

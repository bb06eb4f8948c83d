import type { Cursors } from './cursor.ts';
import type { Json } from './json.ts';
import { bytesInResult } from './result.ts';

/**
 * Maximum size of a page's items in bytes, as the function returns them. It leaves 1 MB of Lambda's maximum for the rest of
 * the result. An item that is larger is a page of its own; no stored item is larger than 400 KB.
 */
export const pageMaxBytes = 5 * 1024 * 1024;

/** An item of a page, as in the answer. */
export interface PlacedItem<Item, Place extends Json = string> {
  readonly item: Item;
  /** Its place in the list. A page that ends with this item continues after it. */
  readonly place: Place;
}

/** The items of a page. `next`: the next page begins after this place; absent on the last page. */
export interface PageItems<Item, Place extends Json = string> {
  readonly items: readonly PlacedItem<Item, Place>[];
  readonly next?: Place | undefined;
}

/**
 * The body of a page. `scope` identifies the list and its filters. Items that do not fit in {@link pageMaxBytes} are left to
 * the next page.
 */
export function pageBody<Item, Place extends Json>(
  cursors: Cursors,
  scope: string,
  { items, next }: PageItems<Item, Place>,
) {
  const fitting = items.slice(0, countThatFits(items.map(({ item }) => item)));
  const end = fitting.length < items.length ? fitting.at(-1)?.place : next;
  return {
    items: fitting.map(({ item }) => item),
    ...(end !== undefined && { next: cursors.encode(scope, end) }),
  };
}

/** Number of items that fit in a page. The first one always does. */
function countThatFits(items: readonly unknown[]): number {
  let bytes = 0;
  const tooMuch = items.findIndex((item, index) => {
    bytes += bytesInResult(item);
    return bytes > pageMaxBytes && index > 0;
  });
  return tooMuch === -1 ? items.length : tooMuch;
}

import { hash } from 'node:crypto';
import type { FoldedLine, VersionedRow } from '../fold.ts';

/** Part of a stream's row. Entries of lists and lines are parts too: `entry`, `line#<key>`. */
export const rowPart = 'row';
export const entryPart = 'entry';

/** An item as a read model stores it: the row of a stream, its entry in the parts of lists, or a line. */
export interface StoredItem {
  /** {@link rowPart}, {@link entryPart}, or the part of a line. */
  readonly part: string;
  /** Undefined if there is none, or if it is no number. Lines that never change have none. */
  readonly version: number | undefined;
  /** The row or line. Undefined if it is not JSON. */
  readonly data: unknown;
  /** Everything else that is stored, by name: what puts it into lists. */
  readonly others: Readonly<Record<string, string>>;
  /** What the adapter needs to recognise the item. */
  readonly token?: unknown;
}

/**
 * Everything that one generation of a read model stores, stream by stream, whether it is right or not: for verifying and
 * repairing. Projectors and queries use the read model.
 */
export interface StoredRows<Row, Line> {
  /**
   * All items of a stream, in pages. The row is in the first page, and no line is read before it.
   * @param consistent strongly consistent, at twice the cost
   */
  items(id: string, consistent: boolean): AsyncIterable<readonly StoredItem[]>;
  /** These parts of a stream, strongly consistent. Omits those that do not exist. At most 100. */
  find(id: string, parts: readonly string[]): Promise<readonly StoredItem[]>;
  /** The items that the read model stores for a row or line, as it is. */
  rowItem(id: string, row: VersionedRow<Row>): StoredItem;
  /** Undefined if no list has parts. */
  entryItem(id: string, row: VersionedRow<Row>): StoredItem | undefined;
  lineItem(id: string, line: FoldedLine<Line>): StoredItem;
  /**
   * Replaces an item, adds it (`before` is undefined) or deletes it (`after` is undefined). `stale`: the stored item is no longer
   * `before`. Then nothing was changed.
   */
  replace(
    id: string,
    before: StoredItem | undefined,
    after: StoredItem | undefined,
  ): Promise<'replaced' | 'stale'>;
}

/** What is stored of a stream, at one time. */
export interface StoredStream {
  readonly row: StoredItem | undefined;
  /** The digest of every other part. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Reads all that is stored of a stream: the row first. Needs some 100 bytes of memory for each line. */
export async function readStored(
  rows: Pick<StoredRows<never, never>, 'items'>,
  id: string,
  consistent: boolean,
): Promise<StoredStream> {
  let row: StoredItem | undefined;
  const digests = new Map<string, string>();
  for await (const page of rows.items(id, consistent)) {
    for (const item of page) {
      if (item.part === rowPart) row = item;
      else digests.set(item.part, digestOf(item));
    }
  }
  return { row, digests };
}

/** True if something is stored. */
export function isStored({ row, digests }: StoredStream): boolean {
  return row !== undefined || digests.size > 0;
}

/** Equal for items with equal content, whatever the order of their fields. */
export function digestOf({ version, data, others }: StoredItem): string {
  const text = JSON.stringify([version, data, others], (_name, value: unknown) => sorted(value));
  return hash('sha256', text, 'base64').slice(0, 20);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

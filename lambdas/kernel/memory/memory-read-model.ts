import type { FoldedLine, VersionedRow } from '../fold.ts';
import { firstGeneration } from '../generations.ts';
import { compareKeys, inOrder, isWithin } from '../key-order.ts';
import type { KeyedLine, Listing, ListKeys } from '../projection.ts';
import type {
  KeyRange,
  LineRange,
  ListBounds,
  ListedLine,
  ListedRow,
  ListRange,
  ReadModel,
  RowChange,
} from '../read-model.ts';
import { defaultTenant } from '../stream-name.ts';
import { placeInList } from '../tenant-lists.ts';

/** A read model in memory, for specs and small tools. */
export class MemoryReadModel<Row, Line, List extends string = string> implements ReadModel<Row, Line, List> {
  readonly #projection: Listing<Row, Line, List>;
  readonly #rows = new Map<string, VersionedRow<Row>>();
  readonly #lines = new Map<string, Map<string, FoldedLine<Line>>>();

  constructor(projection: Listing<Row, Line, List>) {
    this.#projection = projection;
  }

  async load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>> {
    const found = ids.map((id) => [id, this.#rows.get(id)] as const);
    return new Map(
      found.filter((entry): entry is readonly [string, VersionedRow<Row>] => entry[1] !== undefined),
    );
  }

  async save({ id, expectedVersion, version, row, lines }: RowChange<Row, Line>): Promise<'saved' | 'stale'> {
    this.putLines(id, lines);
    if ((this.#rows.get(id)?.version ?? 0) !== expectedVersion) return 'stale';
    this.#rows.set(id, structuredClone({ version, row }));
    return 'saved';
  }

  /** Puts lines without a row. A line is never replaced by an older one. */
  putLines(id: string, lines: readonly FoldedLine<Line>[]): void {
    const kept = this.#lines.get(id) ?? new Map<string, FoldedLine<Line>>();
    for (const line of lines) {
      if ((kept.get(line.key)?.version ?? 0) < line.version) kept.set(line.key, structuredClone(line));
    }
    this.#lines.set(id, kept);
  }

  async generation(): Promise<string> {
    return firstGeneration;
  }

  /** Every row, in any order. */
  all(): (VersionedRow<Row> & { readonly id: string })[] {
    return [...this.#rows].map(([id, stored]) => ({ id, ...stored }));
  }

  /** Deletes a row with its lines. Returns the number of its lines. */
  remove(id: string): number {
    const lines = this.#lines.get(id)?.size ?? 0;
    this.#rows.delete(id);
    this.#lines.delete(id);
    return lines;
  }

  async find(id: string): Promise<VersionedRow<Row> | undefined> {
    return this.#rows.get(id);
  }

  async lines(id: string, range: LineRange): Promise<{ lines: KeyedLine<Line>[]; hasMore: boolean }> {
    const compare = inOrder(range.order);
    const all = [...(this.#lines.get(id)?.values() ?? [])]
      .filter(({ key }) => isWithin(key, range, range.order))
      .sort((a, b) => compare(a.key, b.key));
    const lines = all.slice(0, range.limit).map(({ key, line }) => ({ key, line }));
    return { lines, hasMore: all.length > range.limit };
  }

  async list(list: List, range: ListRange): Promise<{ rows: ListedRow<Row>[]; next?: string }> {
    const { page, next } = pageOf(this.#listedRows(list, range), range);
    return { rows: page, ...(next !== undefined && { next }) };
  }

  async listLines(list: List, range: ListRange): Promise<{ lines: ListedLine<Line>[]; next?: string }> {
    const { page, next } = pageOf(this.#listedLines(list, range.tenant), range);
    return { lines: page, ...(next !== undefined && { next }) };
  }

  async count(list: List, bounds: ListBounds, max: number): Promise<number> {
    const lines = bounds.part === undefined ? this.#listedLines(list, bounds.tenant) : [];
    const entries = [...this.#listedRows(list, bounds), ...lines];
    return Math.min(max, entries.filter(({ listKey }) => isWithin(listKey, bounds)).length);
  }

  #listedRows(list: List, { tenant, part }: Pick<ListRange, 'tenant' | 'part'>): ListedRow<Row>[] {
    const { parts } = this.#projection;
    if (part !== undefined && !parts?.lists.includes(list)) return [];
    const rows = [...this.#rows];
    const inPart = part === undefined ? rows : rows.filter(([, { row }]) => parts?.partOf(row) === part);
    return inPart.flatMap(([rowId, stored]) =>
      this.#placed(rowId, this.#projection.listKeys?.(stored.row) ?? {}, list, tenant).map((listKey) => ({
        ...stored,
        rowId,
        listKey,
      })),
    );
  }

  #listedLines(list: string, tenant?: string): ListedLine<Line>[] {
    const { changingLines } = this.#projection;
    if (changingLines === undefined) return [];
    return [...this.#lines].flatMap(([rowId, lines]) =>
      [...lines.values()].flatMap(({ key, line }) =>
        this.#placed(rowId, changingLines.listKeys(line), list, tenant).map((listKey) => ({
          rowId,
          key,
          line,
          listKey,
        })),
      ),
    );
  }

  /** The key of an entry, if it is in this tenant's list. */
  #placed(rowId: string, keys: ListKeys, list: string, tenant = defaultTenant): string[] {
    const key = keys[list];
    if (key === undefined) return [];
    const place = placeInList(this.#projection, list, { rowId, key });
    return place.tenant === tenant ? [place.key] : [];
  }
}

function pageOf<Entry extends { readonly listKey: string }>(entries: readonly Entry[], range: KeyRange) {
  const page = entries
    .filter(({ listKey }) => isWithin(listKey, range))
    .sort((a, b) => compareKeys(a.listKey, b.listKey))
    .slice(0, range.limit);
  return { page, next: page.length === range.limit ? page.at(-1)?.listKey : undefined };
}

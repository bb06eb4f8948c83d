import type { VersionedRow } from './fold.ts';
import { compareKeys, lastKey } from './key-order.ts';
import type { DetailLine, Projection } from './projection.ts';
import type { DetailRange, KeyRange, ListedRow, ReadModel, RowChange } from './read-model.ts';

/** A read model in memory, for specs and small tools. */
export class MemoryReadModel<Row, Detail> implements ReadModel<Row, Detail> {
  readonly #projection: Pick<Projection<Row, Detail>, 'listKeys'>;
  readonly #rows = new Map<string, VersionedRow<Row>>();
  readonly #lines = new Map<string, Map<string, DetailLine<Detail>>>();

  constructor(projection: Pick<Projection<Row, Detail>, 'listKeys'>) {
    this.#projection = projection;
  }

  async load(ids: readonly string[]): Promise<Map<string, VersionedRow<Row>>> {
    const found = ids.map((id) => [id, this.#rows.get(id)] as const);
    return new Map(
      found.filter((entry): entry is readonly [string, VersionedRow<Row>] => entry[1] !== undefined),
    );
  }

  async save({
    id,
    expectedVersion,
    version,
    row,
    lines,
  }: RowChange<Row, Detail>): Promise<'saved' | 'stale'> {
    const kept = this.#lines.get(id) ?? new Map<string, DetailLine<Detail>>();
    for (const line of lines) kept.set(line.key, structuredClone(line));
    this.#lines.set(id, kept);
    if ((this.#rows.get(id)?.version ?? 0) !== expectedVersion) return 'stale';
    this.#rows.set(id, structuredClone({ version, row }));
    return 'saved';
  }

  async find(id: string): Promise<VersionedRow<Row> | undefined> {
    return this.#rows.get(id);
  }

  async lines(id: string, range: DetailRange): Promise<{ lines: DetailLine<Detail>[]; hasMore: boolean }> {
    const inRange = [...(this.#lines.get(id)?.values() ?? [])].filter(({ key }) => isWithin(key, range));
    const direction = range.order === 'ascending' ? 1 : -1;
    const all = inRange
      .sort((a, b) => direction * compareKeys(a.key, b.key))
      .filter(({ key }) => range.after === undefined || direction * compareKeys(key, range.after) > 0);
    return { lines: all.slice(0, range.limit), hasMore: all.length > range.limit };
  }

  async list(list: string, range: KeyRange): Promise<{ rows: ListedRow<Row>[]; next?: string }> {
    const listed = [...this.#rows.values()].flatMap((stored) => {
      const listKey = this.#projection.listKeys(stored.row)[list];
      return listKey === undefined ? [] : [{ ...stored, listKey }];
    });
    const rows = listed
      .filter(({ listKey }) => isWithin(listKey, range))
      .filter(({ listKey }) => range.after === undefined || compareKeys(listKey, range.after) > 0)
      .sort((a, b) => compareKeys(a.listKey, b.listKey))
      .slice(0, range.limit);
    const last = rows.at(-1);
    return { rows, ...(rows.length === range.limit && last && { next: last.listKey }) };
  }
}

function isWithin(key: string, { from = '', to = lastKey }: KeyRange): boolean {
  return compareKeys(key, from) >= 0 && compareKeys(key, to) <= 0;
}

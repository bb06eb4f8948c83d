import type { VersionedDetail, VersionedRow } from './fold.ts';
import type { Projection } from './projection.ts';
import type { DetailRange, ListedRow, ListRange, ReadModel, RowChange } from './read-model.ts';

/** A read model in memory, for specs and small tools. */
export class MemoryReadModel<Row, Detail> implements ReadModel<Row, Detail> {
  readonly #projection: Pick<Projection<Row, Detail>, 'listKey'>;
  readonly #rows = new Map<string, VersionedRow<Row>>();
  readonly #details = new Map<string, Map<number, VersionedDetail<Detail>>>();

  constructor(projection: Pick<Projection<Row, Detail>, 'listKey'>) {
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
    details,
  }: RowChange<Row, Detail>): Promise<'saved' | 'stale'> {
    const kept = this.#details.get(id) ?? new Map();
    for (const detail of details) kept.set(detail.version, structuredClone(detail));
    this.#details.set(id, kept);
    if ((this.#rows.get(id)?.version ?? 0) !== expectedVersion) return 'stale';
    this.#rows.set(id, structuredClone({ version, row }));
    return 'saved';
  }

  async find(id: string): Promise<VersionedRow<Row> | undefined> {
    return this.#rows.get(id);
  }

  async details(
    id: string,
    { beforeVersion = Infinity, limit }: DetailRange,
  ): Promise<VersionedDetail<Detail>[]> {
    const all = [...(this.#details.get(id)?.values() ?? [])].filter(({ version }) => version < beforeVersion);
    return all.sort((a, b) => b.version - a.version).slice(0, limit);
  }

  async list({ after = '', limit }: ListRange): Promise<ListedRow<Row>[]> {
    const all = [...this.#rows.values()].map((stored) => ({
      ...stored,
      listKey: this.#projection.listKey(stored.row),
    }));
    const behind = all.filter(({ listKey }) => listKey > after);
    return behind.sort((a, b) => (a.listKey < b.listKey ? -1 : 1)).slice(0, limit);
  }
}

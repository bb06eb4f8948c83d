import type { VersionedRow } from '../fold.ts';
import { isOutage } from '../outage.ts';
import type { WrittenRows } from '../read-model.ts';

/** What stands for a stored row that cannot be read: somebody wrote it by hand. It equals no row. */
const unreadableRow: VersionedRow<undefined> = { version: Number.NaN, row: undefined };

/**
 * Loads rows by their ids. A row that cannot be read is `unreadableRow`: a rebuild replaces it, so it must not stop one.
 * Throws in an outage.
 */
export async function loadReadable<Row>(
  rows: Pick<WrittenRows<Row, never>, 'load'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, VersionedRow<Row | undefined>>> {
  try {
    return await rows.load(ids);
  } catch (error) {
    if (isOutage(error)) throw error;
    if (ids.length === 1) return new Map(ids.map((id) => [id, unreadableRow]));
  }
  const found = new Map<string, VersionedRow<Row | undefined>>();
  for (const id of ids) {
    for (const [own, row] of await loadReadable(rows, [id])) found.set(own, row);
  }
  return found;
}

import { compareKeys } from '../key-order.ts';
import { type WaitingCommit, type WaitingRoom, type WaitingRow, waitingKey } from '../waiting.ts';

/** A waiting room in memory, for specs. */
export class MemoryWaitingRoom implements WaitingRoom {
  readonly #rows = new Map<string, WaitingRow>();

  async add(commits: readonly WaitingCommit[]): Promise<void> {
    for (const commit of commits) {
      const key = waitingKey(commit);
      this.#rows.set(`${commit.destination} ${key}`, { ...commit, key });
    }
  }

  async oldest(destination: string, limit: number, after = ''): Promise<WaitingRow[]> {
    return [...this.#rows.values()]
      .filter((row) => row.destination === destination && compareKeys(row.key, after) > 0)
      .sort((a, b) => compareKeys(a.key, b.key))
      .slice(0, limit);
  }

  async remove(rows: readonly WaitingRow[]): Promise<void> {
    for (const { destination, key } of rows) this.#rows.delete(`${destination} ${key}`);
  }
}

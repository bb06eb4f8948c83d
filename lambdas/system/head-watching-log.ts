import {
  type AppendResult,
  type Commit,
  categoryOfStream,
  type EventLog,
  type ReadRange,
  type StreamName,
} from '../kernel/index.ts';

/**
 * An event log that remembers the time of the newest commit that this process appended to each category. This needs no
 * write. It reveals that the publisher lags: a publisher that does not run cannot report that itself.
 */
export class HeadWatchingLog implements EventLog {
  readonly #log: EventLog;
  readonly #newest = new Map<string, string>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Time of this process's newest commit to the category: ISO 8601, UTC, ms. Undefined if it appended none. */
  newestOf(category: string): string | undefined {
    return this.#newest.get(category);
  }

  async append(commits: readonly Commit[]): Promise<AppendResult> {
    const result = await this.#log.append(commits);
    if (result === 'appended') {
      for (const { stream, committedAt } of commits) {
        const category = categoryOfStream(stream);
        const newest = this.#newest.get(category);
        if (newest === undefined || newest < committedAt) this.#newest.set(category, committedAt);
      }
    }
    return result;
  }

  read(stream: StreamName, range?: ReadRange): AsyncIterable<readonly Commit[]> {
    return this.#log.read(stream, range);
  }

  readCommit(stream: StreamName, version: number): Promise<Commit | undefined> {
    return this.#log.readCommit(stream, version);
  }
}

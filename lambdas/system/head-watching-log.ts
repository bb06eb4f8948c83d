import {
  type AppendResult,
  type Commit,
  categoryOfStream,
  type EventLog,
  type ReadRange,
  type StreamName,
} from '../kernel/index.ts';

/**
 * The event log, and a note of the newest commit of each category that went through here. It costs no write, and lets
 * this process see a publisher that does not come after: one that is stuck has nothing to tell of itself.
 */
export class HeadWatchingLog implements EventLog {
  readonly #log: EventLog;
  readonly #newest = new Map<string, string>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** When the newest commit that this process appended to the category was made; undefined for none. */
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

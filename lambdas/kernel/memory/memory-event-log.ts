import { checked } from '../chain.ts';
import { chunks } from '../chunks.ts';
import { type Commit, lastVersionOf, type StreamName } from '../commit.ts';
import { fromItem, toItem } from '../dynamodb/commit-item.ts';
import {
  type AppendResult,
  appendMaxCommits,
  type EventLog,
  firstPageCommits,
  type ReadRange,
} from '../event-log.ts';

const defaultPageSize = 1_000;
/** Maximum number of events of a first page: a response of a real store has a maximum size too. */
const firstPageEvents = 1_000;

/** The names do not matter: the items never leave this file. */
const keys = { partitionKey: 'stream', sortKey: 'version' };

/** An event log in memory, with the same contract and size limit as the DynamoDB log. */
export class MemoryEventLog implements EventLog {
  readonly #streams = new Map<StreamName, Map<number, Commit>>();

  async append(commits: readonly Commit[]): Promise<AppendResult> {
    if (commits.length > appendMaxCommits) {
      throw new RangeError(`An append spans at most ${appendMaxCommits} streams, not ${commits.length}.`);
    }
    // Converts to an item and back. What DynamoDB cannot store fails here too, and the log keeps its own copies.
    const stored = commits.map((commit) => fromItem(toItem(commit, keys), keys));
    const present = stored.map(({ stream, version }) => this.#at(stream, version));
    const isDone = stored.every((commit, index) => present[index]?.events[0]?.id === commit.events[0]?.id);
    if (isDone) return 'appended';
    if (present.some((commit) => commit !== undefined)) return 'conflict';
    for (const commit of stored) this.#stream(commit.stream).set(commit.version, commit);
    return 'appended';
  }

  async *read(stream: StreamName, range: ReadRange = {}): AsyncIterable<readonly Commit[]> {
    const { fromVersion = 1, toVersion = Number.POSITIVE_INFINITY } = range;
    const commits = [...this.#stream(stream).values()]
      .filter(({ version }) => version >= fromVersion && version <= toVersion)
      .sort((a, b) => a.version - b.version);
    yield* checked(pages(commits, range), fromVersion);
  }

  async readCommit(stream: StreamName, version: number): Promise<Commit | undefined> {
    return this.#at(stream, version);
  }

  /** Every commit, in any order. */
  all(): Commit[] {
    return [...this.#streams.values()].flatMap((commits) => [...commits.values()]);
  }

  #at(stream: StreamName, version: number): Commit | undefined {
    return this.#streams.get(stream)?.get(version);
  }

  #stream(stream: StreamName): Map<number, Commit> {
    let commits = this.#streams.get(stream);
    if (!commits) {
      commits = new Map();
      this.#streams.set(stream, commits);
    }
    return commits;
  }
}

async function* pages(
  commits: readonly Commit[],
  { pageSize = defaultPageSize, readsOn }: ReadRange,
): AsyncIterable<readonly Commit[]> {
  const [first = []] = chunks(commits, {
    maxParts: firstPageCommits,
    maxBytes: firstPageEvents,
    bytesOf: ({ events }) => events.length,
  });
  const last = first.at(-1);
  if (readsOn === undefined || last === undefined || commits.length === first.length) {
    yield* chunks(commits, { maxParts: pageSize });
    return;
  }
  const answer = readsOn(lastVersionOf(last));
  yield first;
  if (await answer) yield* chunks(commits.slice(first.length), { maxParts: pageSize });
}

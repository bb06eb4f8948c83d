import { type ChainEnd, endOf, requireContinues } from '../chain.ts';
import type { StreamName } from '../commit.ts';
import { isEventSourcingError } from '../errors.ts';
import type { EventLog, ReadRange } from '../event-log.ts';
import type { FoldableCommit } from '../fold.ts';
import { Beginning } from '../full-replay.ts';
import type { History } from '../history.ts';
import type { SealedHistory } from '../sealed-history.ts';

/** Maximum number of streams whose sealed history this process does not use. The set is emptied when it is full. */
const doubtfulMax = 1_000;

/**
 * The history of streams: sealed segments as far as they reach, then the log. What is wrong with segments is found before their
 * commits are returned, with one exception: segments that were mixed by hand from two histories, each with a right checksum.
 * Then `read` throws when it meets the contradiction, and the next read of the stream uses the log alone.
 */
export class SegmentedHistory implements History {
  readonly #log: Pick<EventLog, 'read'>;
  readonly #sealed: SealedHistory;
  readonly #doubtful = new Set<StreamName>();

  constructor({ log, sealed }: { readonly log: Pick<EventLog, 'read'>; readonly sealed: SealedHistory }) {
    this.#log = log;
    this.#sealed = sealed;
  }

  async *read(
    stream: StreamName,
    { fromVersion = 1, toVersion }: Pick<ReadRange, 'fromVersion' | 'toVersion'> = {},
  ): AsyncIterable<readonly FoldableCommit[]> {
    const beginning = new Beginning(this.#log, this.#doubtful.has(stream) ? undefined : this.#sealed);
    let end: ChainEnd = { version: fromVersion - 1, hash: undefined };
    for await (const page of beginning.read(stream, { fromVersion, toVersion })) {
      yield page;
      end = endOf(page.at(-1) ?? { version: fromVersion, events: [] });
    }
    const { opened } = beginning;
    if (opened === undefined) return this.#sealed.noteUnsealed(stream, beginning.eventsAfter(end.version));
    let last: ChainEnd = end;
    for await (const part of opened.read(end, toVersion)) {
      yield part.commits.filter(({ version }) => version <= (toVersion ?? version));
      last = part;
    }
    try {
      yield* this.#tail(stream, last, toVersion);
    } catch (error) {
      // Any other fault, an outage for example, says nothing about the segments.
      if (last !== end && isEventSourcingError(error, 'log-changed')) await this.#doubt(stream, error);
      throw error;
    }
  }

  async *#tail(
    stream: StreamName,
    from: ChainEnd,
    toVersion: number | undefined,
  ): AsyncIterable<readonly FoldableCommit[]> {
    let { version } = from;
    for await (const page of this.#log.read(stream, { fromVersion: version + 1, toVersion })) {
      const [first, last] = [page[0], page.at(-1)];
      if (first && version === from.version) requireContinues(first, from);
      if (last) ({ version } = endOf(last));
      yield page;
    }
    await this.#sealed.noteUnsealed(stream, version - from.version);
  }

  async #doubt(stream: StreamName, error: unknown): Promise<void> {
    if (this.#doubtful.size >= doubtfulMax) this.#doubtful.clear();
    this.#doubtful.add(stream);
    await this.#sealed.doubt(stream, error);
  }
}

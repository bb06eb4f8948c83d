import { setTimeout as delay } from 'node:timers/promises';
import { idOfStream, lastVersionOf, type StreamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import type { EventLog } from './event-log.ts';
import {
  type FoldableCommit,
  type FoldedRow,
  foldCommits,
  type VersionedRow,
  VersionGapError,
} from './fold.ts';
import { type Observer, silentObserver } from './observer.ts';
import type { ParkingLot } from './parking.ts';
import type { Folding } from './projection.ts';
import type { ReadModel } from './read-model.ts';

/** What a batch says of one stream: commits in any order, doubled or with gaps; none at all just rings the bell. */
export interface StreamUpdate {
  readonly stream: StreamName;
  readonly commits: readonly FoldableCommit[];
  /** The version that the stream has reached at least, also where a commit came without its events. */
  readonly reachedVersion: number;
}

export interface ProjectorOptions<Event extends DomainEvent, Row, Line> {
  readonly projection: Folding<Event, Row, Line>;
  readonly log: Pick<EventLog, 'read'>;
  readonly readModel: Pick<ReadModel<Row, Line>, 'load' | 'save'>;
  readonly parkingLot: ParkingLot;
  readonly observer?: Observer;
}

export interface ProjectedBatch {
  /** Streams whose rows now reflect the update. */
  readonly projected: number;
  /** Streams set aside with a reason; the parking lot has them. */
  readonly parked: readonly StreamName[];
  /** Streams that lost every race for their row, or could not even be parked: their records have to come again. */
  readonly failed: readonly StreamName[];
}

/** A stream is tried so often before it is given up; a lost race for its row counts as a try. */
const maxTries = 5;
const firstWaitMs = 20;
/** Streams of a batch that are worked on at the same time. */
const maxConcurrentStreams = 16;

/** A row is written at the latest after so many events, so that a long way to catch up is made in steps that last. */
const sliceMaxEvents = 2_000;

/**
 * Keeps one generation of a read model in step with the log. Duplicates are skipped by version, gaps are read from the
 * log, each row is written once a batch, and a stream that fails holds up no other.
 */
export class Projector<Event extends DomainEvent, Row, Line> {
  readonly #options: ProjectorOptions<Event, Row, Line>;
  readonly #observer: Observer;

  constructor(options: ProjectorOptions<Event, Row, Line>) {
    this.#options = options;
    this.#observer = options.observer ?? silentObserver;
  }

  /** Brings the rows of these streams up to the update, or further. Throws only when the rows cannot even be loaded. */
  async project(batch: readonly StreamUpdate[]): Promise<ProjectedBatch> {
    return this.#observer.step('project', async () => {
      const rows = await this.#loadAll(batch);
      const waiting = [...batch];
      const parked: StreamName[] = [];
      const failed: StreamName[] = [];
      const worker = async () => {
        for (let update = waiting.pop(); update !== undefined; update = waiting.pop()) {
          const error = await this.#projectStream(update, rows).catch(
            (thrown: unknown) => thrown ?? new Error('unknown'),
          );
          if (error === undefined) continue;
          const isParked = !(error instanceof ContentionError) && (await this.#park(update, error));
          (isParked ? parked : failed).push(update.stream);
        }
      };
      await Promise.all(Array.from({ length: Math.min(maxConcurrentStreams, batch.length) }, worker));
      return { projected: batch.length - parked.length - failed.length, parked, failed };
    });
  }

  /**
   * Tries parked streams again by catching up from the log, at most `limit` of them.
   * Those that succeed leave the parking lot; the others stay, with their newest reason.
   */
  async redrive(limit: number): Promise<ProjectedBatch> {
    const { projection, parkingLot } = this.#options;
    // Streams only, not records: those name none and can only be discarded.
    const parked = await parkingLot.list(projection.name, { limit, after: `${projection.category}/` });
    const streams = parked.filter(({ subject }) => subject.startsWith(`${projection.category}/`));
    const result = await this.project(
      streams.map(({ subject, version }) => ({
        stream: subject as StreamName,
        commits: [],
        reachedVersion: version ?? 0,
      })),
    );
    const still = new Set<string>([...result.parked, ...result.failed]);
    const done = streams.filter(({ subject }) => !still.has(subject));
    await Promise.all(done.map(({ subject }) => parkingLot.release(projection.name, subject)));
    return result;
  }

  /** All rows of a batch in few calls; undefined where one of them cannot be read, and each is to be read by itself. */
  async #loadAll(batch: readonly StreamUpdate[]): Promise<Map<string, VersionedRow<Row>> | undefined> {
    try {
      return await this.#options.readModel.load(batch.map(({ stream }) => idOfStream(stream)));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  async #loadOne(id: string): Promise<VersionedRow<Row> | undefined> {
    return (await this.#options.readModel.load([id])).get(id);
  }

  async #projectStream(
    update: StreamUpdate,
    rows: Map<string, VersionedRow<Row>> | undefined,
  ): Promise<void> {
    const id = idOfStream(update.stream);
    let stored = rows ? rows.get(id) : await this.#loadOne(id);
    for (let tries = 1; ; tries += 1) {
      try {
        if ((await this.#bringUp(update, stored)) === 'saved') return;
        if (tries >= maxTries)
          throw new ContentionError(`The row was changed by others ${maxTries} times in a row.`);
      } catch (error) {
        if (tries >= maxTries || error instanceof PoisonError) throw error;
      }
      await delay(Math.random() * firstWaitMs * 2 ** tries);
      stored = await this.#loadOne(id);
    }
  }

  /**
   * Brings a row up to the update. Where the update leaves a gap, or cannot be folded, the log has the last word:
   * everything behind the row is read from there.
   */
  async #bringUp(update: StreamUpdate, stored: VersionedRow<Row> | undefined): Promise<'saved' | 'stale'> {
    if (update.reachedVersion <= (stored?.version ?? 0)) return 'saved';
    const inOrder = update.commits.toSorted((a, b) => a.version - b.version);
    const fromUpdate = await this.#foldAndSave(update.stream, stored, slices([inOrder]));
    if (fromUpdate.outcome === 'stale') return 'stale';
    if (fromUpdate.outcome === 'saved' && fromUpdate.version >= update.reachedVersion) return 'saved';
    if (fromUpdate.outcome === 'unfoldable' && !(fromUpdate.error instanceof VersionGapError)) {
      this.#observer.warn('A record could not be folded; the log decides.', {
        stream: update.stream,
        error: fromUpdate.error,
      });
    }
    return this.#bringUpFromLog(update, fromUpdate.stored);
  }

  async #bringUpFromLog(
    update: StreamUpdate,
    stored: VersionedRow<Row> | undefined,
  ): Promise<'saved' | 'stale'> {
    const { log, parkingLot, projection } = this.#options;
    const behind = log.read(update.stream, { fromVersion: (stored?.version ?? 0) + 1 });
    const fromLog = await this.#foldAndSave(update.stream, stored, slices(behind));
    if (fromLog.outcome === 'stale') return 'stale';
    if (fromLog.outcome === 'unfoldable')
      throw new PoisonError(reasonOf(fromLog.error), { cause: fromLog.error });
    if (fromLog.version < update.reachedVersion) {
      throw new PoisonError(
        `The log ends at version ${fromLog.version} of this stream; the record speaks of ${update.reachedVersion}.`,
      );
    }
    // A parked stream's row stays behind: whatever comes next is a gap, and closing it makes up for what was parked.
    await parkingLot.release(projection.name, update.stream);
    return 'saved';
  }

  /** Folds commits over a row slice by slice and writes it after each; tells how far that went. */
  async #foldAndSave(
    stream: StreamName,
    from: VersionedRow<Row> | undefined,
    commits: AsyncIterable<readonly FoldableCommit[]>,
  ): Promise<FoldOutcome<Row>> {
    let stored = from;
    for await (const slice of commits) {
      let folded: FoldedRow<Row, Line> | undefined;
      try {
        folded = foldCommits(this.#options.projection, stored, slice);
      } catch (error) {
        return { outcome: 'unfoldable', error, stored };
      }
      const expectedVersion = stored?.version ?? 0;
      if (folded === undefined || folded.version === expectedVersion) continue;
      const saved = await this.#options.readModel.save({
        id: idOfStream(stream),
        expectedVersion,
        ...folded,
      });
      if (saved === 'stale') return { outcome: 'stale' };
      stored = { version: folded.version, row: folded.row };
    }
    return { outcome: 'saved', version: stored?.version ?? 0, stored };
  }

  /** Sets a stream aside; false when even that fails, so that the records come again. */
  async #park(update: StreamUpdate, error: unknown): Promise<boolean> {
    const { parkingLot, projection } = this.#options;
    const parked = { consumer: projection.name, subject: update.stream, reason: reasonOf(error) };
    this.#observer.warn('A stream could not be projected and is parked.', { ...parked, error });
    try {
      await parkingLot.park({ ...parked, version: update.reachedVersion });
      this.#observer.count('Parked');
      return true;
    } catch (parkError) {
      this.#observer.warn('A stream could not be parked either; its records will be delivered again.', {
        subject: update.stream,
        error: parkError,
      });
      return false;
    }
  }
}

type FoldOutcome<Row> =
  | { readonly outcome: 'saved'; readonly version: number; readonly stored: VersionedRow<Row> | undefined }
  /** Another projector has moved the row. */
  | { readonly outcome: 'stale' }
  | {
      readonly outcome: 'unfoldable';
      readonly error: unknown;
      readonly stored: VersionedRow<Row> | undefined;
    };

/** Cuts pages of commits into slices of at most {@link sliceMaxEvents}, or one commit. */
async function* slices(
  pages: AsyncIterable<readonly FoldableCommit[]> | Iterable<readonly FoldableCommit[]>,
): AsyncIterable<readonly FoldableCommit[]> {
  let slice: FoldableCommit[] = [];
  let events = 0;
  for await (const page of pages) {
    for (const commit of page) {
      if (slice.length > 0 && events + commit.events.length > sliceMaxEvents) {
        yield slice;
        slice = [];
        events = 0;
      }
      slice.push(commit);
      events += commit.events.length;
    }
  }
  if (slice.length > 0) yield slice;
}

/** Trying again will not help: the events themselves cannot be folded. */
class PoisonError extends Error {
  override readonly name = 'PoisonError';
}

/** Nothing is wrong with the stream: others are at work on it, and it will do later. */
class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Gathers the commits of a batch by stream. A commit without events (published too large) only says how far to go. */
export function updatesByStream(
  commits: readonly (FoldableCommit & { readonly count: number })[],
): StreamUpdate[] {
  const byStream = new Map<
    StreamName,
    { stream: StreamName; commits: FoldableCommit[]; reachedVersion: number }
  >();
  for (const commit of commits) {
    let update = byStream.get(commit.stream);
    if (!update) {
      update = { stream: commit.stream, commits: [], reachedVersion: 0 };
      byStream.set(commit.stream, update);
    }
    if (commit.events.length > 0) update.commits.push(commit);
    update.reachedVersion = Math.max(
      update.reachedVersion,
      commit.events.length > 0 ? lastVersionOf(commit) : commit.version + commit.count - 1,
    );
  }
  return [...byStream.values()];
}

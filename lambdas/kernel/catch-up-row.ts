import { keyOfStream, type StreamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import { messageOf } from './errors.ts';
import { type FoldableCommit, type VersionedRow, VersionGapError } from './fold.ts';
import { foldAsFar } from './fold-as-far.ts';
import type { History } from './history.ts';
import type { Observer } from './observer.ts';
import type { Folding } from './projection.ts';
import type { WrittenRows } from './read-model.ts';
import type { StreamUpdate } from './stream-updates.ts';

/** Maximum number of events between two writes of a row. A long catch-up is saved in steps. */
const sliceMaxEvents = 2_000;

/** What catching up a row needs. */
export interface RowSources<Event extends DomainEvent, Row, Line> {
  readonly projection: Folding<Event, Row, Line>;
  readonly log: History;
  readonly readModel: WrittenRows<Row, Line>;
  readonly observer: Observer;
}

/** The events cannot be folded: another attempt gives the same result. */
export class UnfoldableError extends Error {
  override readonly name = 'UnfoldableError';
}

/** True if the events of a stream cannot be folded: another attempt gives the same result. */
export function isUnfoldable(error: unknown): boolean {
  return error instanceof UnfoldableError;
}

/** What became of a row. */
export interface CaughtUpRow {
  /** `stale`: another projector has changed the row since it was loaded. `unchanged`: it was up to date. */
  readonly outcome: 'saved' | 'unchanged' | 'stale';
  /** The version of the stored row. For `stale`: the one that was loaded. */
  readonly version: number;
  /** Whether commits were missing, so that the log was read to its end. */
  readonly isFromLog: boolean;
}

/**
 * Folds an update over the stored row and saves the row. If the update is incomplete or cannot be folded, it reads the
 * missing commits from the log. Throws {@link UnfoldableError} if the log cannot be folded either.
 */
export async function catchUpRow<Event extends DomainEvent, Row, Line>(
  sources: RowSources<Event, Row, Line>,
  update: StreamUpdate,
  stored: VersionedRow<Row> | undefined,
): Promise<CaughtUpRow> {
  const before = versionOf(stored);
  // Only for speed, and for what is reported: folding would change nothing.
  if (update.reachedVersion <= before) return { outcome: 'unchanged', version: before, isFromLog: false };
  const inOrder = update.commits.toSorted((a, b) => a.version - b.version);
  const fromUpdate = await foldAndSave(sources, update.stream, stored, slices([inOrder]));
  if (fromUpdate.outcome === 'stale') return { outcome: 'stale', version: before, isFromLog: false };
  const version = versionOf(fromUpdate.stored);
  if (fromUpdate.outcome === 'saved' && version >= update.reachedVersion) {
    return { outcome: 'saved', version, isFromLog: false };
  }
  if (fromUpdate.outcome === 'unfoldable' && !(fromUpdate.error instanceof VersionGapError)) {
    sources.observer.warn('A record could not be folded. The stream is read from the log instead.', {
      stream: update.stream,
      error: fromUpdate.error,
    });
  }
  return catchUpFromLog(sources, update, fromUpdate.stored);
}

async function catchUpFromLog<Event extends DomainEvent, Row, Line>(
  sources: RowSources<Event, Row, Line>,
  { stream, reachedVersion }: StreamUpdate,
  stored: VersionedRow<Row> | undefined,
): Promise<CaughtUpRow> {
  const missing = sources.log.read(stream, { fromVersion: versionOf(stored) + 1 });
  const fromLog = await foldAndSave(sources, stream, stored, slices(missing));
  if (fromLog.outcome === 'stale') return { outcome: 'stale', version: versionOf(stored), isFromLog: true };
  if (fromLog.outcome === 'unfoldable') {
    throw new UnfoldableError(messageOf(fromLog.error), { cause: fromLog.error });
  }
  const version = versionOf(fromLog.stored);
  if (version < reachedVersion) {
    throw new UnfoldableError(
      `The log of this stream ends at version ${version}, but the record names version ${reachedVersion}.`,
    );
  }
  return { outcome: 'saved', version, isFromLog: true };
}

/** The result of folding. `stored` is the row as it was last saved. */
type FoldOutcome<Row> =
  | { readonly outcome: 'saved'; readonly stored: VersionedRow<Row> | undefined }
  /** Another projector has changed the row. */
  | { readonly outcome: 'stale' }
  | {
      readonly outcome: 'unfoldable';
      readonly error: unknown;
      readonly stored: VersionedRow<Row> | undefined;
    };

/** Folds commits over a row slice by slice, and saves the row after each slice. */
async function foldAndSave<Event extends DomainEvent, Row, Line>(
  { projection, readModel }: RowSources<Event, Row, Line>,
  stream: StreamName,
  from: VersionedRow<Row> | undefined,
  commits: AsyncIterable<readonly FoldableCommit[]>,
): Promise<FoldOutcome<Row>> {
  let stored = from;
  for await (const slice of commits) {
    const { folded, fault } = foldAsFar(projection, stored, slice);
    const expectedVersion = versionOf(stored);
    // The row is stored as far as it folds, so that all generations stop at the same commit. A gap is read from the log first.
    const isGap = fault?.thrown instanceof VersionGapError;
    if (folded !== undefined && folded.version > expectedVersion && !isGap) {
      const saved = await readModel.save({ id: keyOfStream(stream), expectedVersion, ...folded });
      if (saved === 'stale') return { outcome: 'stale' };
      stored = { version: folded.version, row: folded.row };
    }
    if (fault) return { outcome: 'unfoldable', error: fault.thrown, stored };
  }
  return { outcome: 'saved', stored };
}

/** Cuts pages of commits into slices of at most {@link sliceMaxEvents} events. A larger commit is a slice by itself. */
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

/** 0 if there is no row. */
function versionOf(stored: VersionedRow<unknown> | undefined): number {
  return stored?.version ?? 0;
}

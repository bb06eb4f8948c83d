import { chunks } from '../chunks.ts';
import { lastVersionOf } from '../commit.ts';
import { forEachConcurrently } from '../concurrency.ts';
import type { Effects } from '../effects.ts';
import { EventSourcingError } from '../errors.ts';
import { type FoldableCommit, foldCommits, type VersionedRow } from '../fold.ts';
import type { History } from '../history.ts';
import { backoff, type RetryPolicy } from '../retry.ts';
import type { StreamName } from '../stream-name.ts';
import { compareStream, isSame, type StreamComparison } from './compare-stream.ts';
import { type ExpectedStream, foldStream } from './fold-stream.ts';
import { rowIdOf } from './row-id.ts';
import {
  digestOf,
  entryPart,
  isStored,
  readStored,
  type StoredItem,
  type StoredStream,
} from './stored-rows.ts';
import type { AnyTarget, VerifySources } from './verified-target.ts';
import { differencesOf } from './verify-stream.ts';

/** What repairing needs. */
export interface RepairSources extends VerifySources {
  readonly effects: Pick<Effects, 'delay' | 'random'>;
}

/** What a repair found in one target. All of it is replaced. */
export interface RepairedTarget {
  readonly fields: readonly string[];
  readonly lines: number;
  /** Version of the stream, which the row has now; 0 if the stream does not exist. */
  readonly version: number;
  readonly events: number;
}

/** Attempts while projectors write the stream at the same time. */
const retry: RetryPolicy = { maxAttempts: 10, firstWaitMs: 50, longestWaitMs: 2_000 };

/** The limit of `find`. */
const maxParts = 100;
const maxConcurrentParts = 25;

/** What differs now, as a repair reports it: of a row that lags, only what is wrong at its version. */
export async function examineStream(
  sources: VerifySources,
  target: AnyTarget,
  stream: StreamName,
): Promise<RepairedTarget & { readonly isStored: boolean }> {
  const stored = await readStored(target.rows, rowIdOf(target.projection, stream), true);
  // Throws if any event cannot be folded: then the stream cannot be repaired.
  const whole = await foldToEnd(sources, target, stream, stored);
  const at = stored.row?.version ?? Number.POSITIVE_INFINITY;
  const expected =
    at >= whole.end ? whole : await foldStream(sources, target, stream, { version: at, stored });
  const { fields, lines } = differencesOf(compareStream(target, stream, stored, expected));
  const { end: version, events } = whole;
  const found = { lines, version, events, isStored: isStored(stored) };
  if (version === 0) return { ...found, fields: isStored(stored) ? ['(surplus)'] : [] };
  const isMissing = stored.row === undefined && whole.at !== undefined;
  return { ...found, fields: isMissing ? ['(missing)', ...fields] : fields };
}

/**
 * Folds a stream from nothing and replaces what differs: row, entry and lines. Deletes lines and rows that must not be there, and
 * also lowers a version that is too high. Repeats until all of it is written, and no projector that had loaded the damaged row can
 * still save a row.
 *
 * 1. Reads what is stored, then folds the stream to its end. So everything that a projector has written is of events in the fold.
 * 2. Replaces lines and the entry, each only if it is still as it was read.
 * 3. Reads the log after that end. If it has grown, a projector may have written a line of the new events before step 2, and step 2
 *    may have replaced it: begins again.
 * 4. Replaces the row if it is still as it was read. A projector saves a row only at the version that it loaded. So one that had
 *    loaded the damaged row fails if this raised the version. If this kept or lowered it, reads the log as in step 3: a projector
 *    that loads a row at the end of the log, or behind it, has nothing to add to it.
 *
 * From then on no projector saves a wrong row. Lines and the entry may be wrong again: a projector writes them before the row,
 * whatever the row is by then. One that had loaded the damaged row may write what it folded from it until its function's timeout,
 * and only then fails at the row. A function that saves a row again as it is, at the same version, may even put the damaged row
 * back. So a repair that replaced anything must be repeated after that time, until one finds nothing to replace.
 *
 * Throws `UnfoldableError`, `contention` after {@link retry} attempts, and what the stores throw. What was written until then is
 * right, and a repetition continues.
 */
export async function repairTarget(
  sources: RepairSources,
  target: AnyTarget,
  stream: StreamName,
): Promise<void> {
  for (let attempt = 1; attempt <= retry.maxAttempts; attempt += 1) {
    if (attempt > 1) await backoff(attempt - 1, retry, sources.effects);
    if ((await repairOnce(sources, target, stream)) === 'repaired') {
      return;
    }
  }
  throw new EventSourcingError(
    'contention',
    stream,
    `The stream was written during each of ${retry.maxAttempts} attempts to repair it. Repeat the repair.`,
  );
}

async function repairOnce(
  sources: RepairSources,
  target: AnyTarget,
  stream: StreamName,
): Promise<'repaired' | 'moved'> {
  const id = rowIdOf(target.projection, stream);
  const stored = await readStored(target.rows, id, true);
  const expected = await foldToEnd(sources, target, stream, stored);
  const compared = compareStream(target, stream, stored, expected);
  const row = expected.at && target.rows.rowItem(id, expected.at);
  const isRowRight = (stored.row && digestOf(stored.row)) === (row && digestOf(row));
  if (isRowRight && isSame(compared)) return 'repaired';
  const change = { target, stream, id, stored, expected };
  if (hasWrongParts(compared)) {
    const isWritten = await replaceParts(sources.history, change, compared);
    if (!isWritten || (await hasGrown(sources.history, stream, expected.end))) return 'moved';
  }
  if (isRowRight) return 'repaired';
  if ((await target.rows.replace(id, stored.row, row)) === 'stale') return 'moved';
  const isRaised = row?.version !== undefined && row.version > (stored.row?.version ?? 0);
  return isRaised || !(await hasGrown(sources.history, stream, expected.end)) ? 'repaired' : 'moved';
}

/** What must be stored when the row has caught up. */
async function foldToEnd(
  sources: VerifySources,
  target: AnyTarget,
  stream: StreamName,
  stored: StoredStream,
): Promise<ExpectedStream> {
  const version = Number.POSITIVE_INFINITY;
  const expected = await foldStream(sources, target, stream, { version, stored });
  return mustExist(expected, stored) ? expected : { ...expected, at: undefined, digests: new Map() };
}

/** A stream whose commits no projector gets needs no row. */
function mustExist({ end, isAnyDelivered }: ExpectedStream, { row }: StoredStream): boolean {
  return end > 0 && (row !== undefined || isAnyDelivered);
}

function hasWrongParts({ fields, wrongLines, surplusLines }: StreamComparison): boolean {
  return wrongLines.length + surplusLines.length > 0 || fields.includes('(entry)');
}

/** Whether the stream has events after this version. Strongly consistent. */
async function hasGrown(history: History, stream: StreamName, version: number): Promise<boolean> {
  for await (const page of history.read(stream, { fromVersion: version + 1 })) {
    if (page.length > 0) return true;
  }
  return false;
}

interface Change {
  readonly target: AnyTarget;
  readonly stream: StreamName;
  readonly id: string;
  readonly stored: StoredStream;
  readonly expected: ExpectedStream;
}

/** False if an item has changed since it was read. */
async function replaceParts(
  history: History,
  change: Change,
  { wrongLines, surplusLines, fields }: StreamComparison,
): Promise<boolean> {
  const { target, id, expected, stored } = change;
  const entry = fields.includes('(entry)')
    ? expected.at && target.rows.entryItem(id, expected.at)
    : undefined;
  const surplus =
    stored.digests.has(entryPart) && fields.includes('(entry)') && entry === undefined
      ? [...surplusLines, entryPart]
      : surplusLines;
  let isWritten = true;
  const replace = async (parts: readonly string[], after: ReadonlyMap<string, StoredItem>) => {
    isWritten = (await replaceChunk(change, parts, after)) && isWritten;
  };
  for (const chunk of chunks(surplus, { maxParts })) await replace(chunk, new Map());
  if (entry) await replace([entryPart], new Map([[entryPart, entry]]));
  if (wrongLines.length > 0) {
    for await (const items of foldedLines(history, change, new Set(wrongLines))) {
      for (const chunk of chunks(items, { maxParts })) {
        await replace(
          chunk.map(({ part }) => part),
          new Map(chunk.map((item) => [item.part, item])),
        );
      }
    }
  }
  return isWritten;
}

/** Replaces parts, each if it is still as it was read. Without an item in `after`, it is deleted. False if one has changed. */
async function replaceChunk(
  { target, id, stored }: Change,
  parts: readonly string[],
  after: ReadonlyMap<string, StoredItem>,
): Promise<boolean> {
  const now = new Map((await target.rows.find(id, parts)).map((item) => [item.part, item]));
  let isWritten = true;
  await forEachConcurrently(parts, maxConcurrentParts, async (part) => {
    const before = now.get(part);
    const isAsRead = (before && digestOf(before)) === stored.digests.get(part);
    const outcome = isAsRead ? await target.rows.replace(id, before, after.get(part)) : 'stale';
    if (outcome === 'stale') isWritten = false;
  });
  return isWritten;
}

/** Folds the stream again, to the same end, and yields those lines that are wrong, as they are at the end. Page by page. */
async function* foldedLines(
  history: History,
  { target, stream, id, expected }: Change,
  wrong: ReadonlySet<string>,
): AsyncIterable<readonly StoredItem[]> {
  let row: VersionedRow<unknown> | undefined;
  for await (const page of history.read(stream)) {
    const commits: readonly FoldableCommit[] = page.filter((commit) => lastVersionOf(commit) <= expected.end);
    const folded = foldCommits(target.projection, row, commits);
    if (folded) row = { version: folded.version, row: folded.row };
    const items = (folded?.lines ?? []).map((line) => target.rows.lineItem(id, line));
    // A line that changes later has another digest here.
    yield items.filter((item) => wrong.has(item.part) && expected.digests.get(item.part) === digestOf(item));
    if (commits.length < page.length) return;
  }
}

import { type ChainEnd, endOf } from '../chain.ts';
import { lastVersionOf, type StreamName } from '../commit.ts';
import type { EventLog } from '../event-log.ts';
import { type Observer, silentObserver } from '../observer.ts';
import { isOutage } from '../outage.ts';
import type { PointInTime } from '../point-in-time.ts';
import type {
  RowForm,
  SealedEnd,
  SealedHistory,
  SealedPart,
  SealedPast,
  SealedStream,
} from '../sealed-history.ts';
import { headChecksum, rowChecksum, segmentChecksum } from './checksum.ts';
import { segmentMaxEvents } from './cut.ts';
import type { SealRequests } from './seal-requests.ts';
import { unpackCommits } from './segment-codec.ts';
import type { SegmentRange, SegmentStore, StoredHead, StoredRow, StoredSegment } from './segment-store.ts';

/** What reading sealed history needs. */
export interface SealedStreamsOptions {
  readonly segments: SegmentStore;
  /** Proves that what is sealed fits. */
  readonly log: Pick<EventLog, 'readCommit'>;
  /** Default: none. */
  readonly observer?: Pick<Observer, 'warn' | 'count'> | undefined;
  /** Asked to seal what is missing or damaged. Default: nobody is asked. */
  readonly requests?: SealRequests | undefined;
}

/** From this number of unsealed events on, a reader asks for sealing. The publisher asks once for each segment. */
const longTailEvents = 2 * segmentMaxEvents;

/** So many damaged rows are skipped on the way to an older one. */
const maxDamagedRows = 5;

const beforeAll = { version: 0, lastCommit: 0, hash: undefined, row: undefined };

/** What is sealed cannot be used, and why. */
class UnusableError extends Error {
  override readonly name = 'UnusableError';
}

/** Reads sealed history and checks all of it: checksums, places, and that it is a part of the log. */
export class SealedStreams implements SealedHistory {
  readonly #options: SealedStreamsOptions;

  constructor(options: SealedStreamsOptions) {
    this.#options = options;
  }

  async open(stream: StreamName): Promise<SealedStream | undefined> {
    return this.#orLog(stream, async () => {
      const head = await this.#options.segments.head(stream);
      if (head === undefined) return undefined;
      requireHead(head);
      await this.#requireFits(stream, head);
      const { version, lastCommit, hash, commands } = head;
      const to = { version, hash };
      const read = (from: ChainEnd, toVersion?: number) => this.#parts(stream, from, { to, toVersion });
      return { version, lastCommit, hash, commands, read };
    });
  }

  async past(stream: StreamName, point: PointInTime, form: RowForm): Promise<SealedPast | undefined> {
    return this.#orLog(stream, async () => {
      const head = 'at' in point ? await this.#options.segments.head(stream) : undefined;
      if (head) requireHead(head);
      const highest = 'version' in point ? point.version : (head?.version ?? 0);
      // A stream this short is read from the log as fast.
      if (!(highest >= segmentMaxEvents)) return undefined;
      const stored = await ('version' in point
        ? this.#rowOf(stream, point.version, form)
        : this.#rowAtInstant(stream, point.at, highest, form));
      const from = stored ? { ...stored, row: JSON.parse(stored.row) } : beforeAll;
      const { version, lastCommit, hash, row } = from;
      // The point is usually in the next segment.
      const more = stored && { pageSize: 1 };
      const parts =
        'version' in point
          ? this.#missingRows(
              stream,
              point.version,
              this.#parts(stream, from, { toVersion: point.version, ...more }),
            )
          : this.#parts(stream, from, { ...more });
      return { version, lastCommit, hash, row, parts };
    });
  }

  async fits(stream: StreamName, end: SealedEnd): Promise<boolean> {
    const fits = await this.#orLog(stream, async () => {
      await this.#requireFits(stream, end);
      return true;
    });
    return fits === true;
  }

  async doubt(stream: StreamName, error: unknown): Promise<void> {
    const { observer = silentObserver, requests } = this.#options;
    observer.count('SegmentsUnusable');
    observer.warn('Sealed history cannot be used. The log is read instead.', { stream, error });
    // Nothing can be sealed during an outage, and there may be nothing to mend.
    if (!isOutage(error)) await requests?.ask({ stream, check: true });
  }

  async noteUnsealed(stream: StreamName, events: number): Promise<void> {
    if (events > longTailEvents) await this.#options.requests?.ask({ stream });
  }

  /** Undefined instead of any error, which is reported. */
  async #orLog<Result>(stream: StreamName, read: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await read();
    } catch (error) {
      await this.doubt(stream, error);
      return undefined;
    }
  }

  /** Passes on the segments after the last row before a version. It asks for the row at the end of one that the version is not in. */
  async *#missingRows(
    stream: StreamName,
    version: number,
    parts: AsyncIterable<SealedPart>,
  ): AsyncIterable<SealedPart> {
    let isFirst = true;
    for await (const part of parts) {
      // This one, or the one before, ends at the version or before, and would have been skipped if it had a row.
      if (!isFirst || part.version === version) await this.#options.requests?.ask({ stream, check: true });
      isFirst = false;
      yield part;
    }
  }

  /**
   * The segments after `from` that begin at `toVersion` or before, as far as they can be used. None is after `to`, the end of what
   * is sealed. They must reach `toVersion` or that end, without `to` that of the head.
   */
  async *#parts(
    stream: StreamName,
    from: ChainEnd,
    { to, ...more }: Pick<SegmentRange, 'toVersion' | 'pageSize'> & { readonly to?: ChainEnd },
  ): AsyncIterable<SealedPart> {
    let end = from;
    let isFirst = true;
    try {
      const range = { fromVersion: from.version + 1, ...more };
      for await (const page of this.#options.segments.segments(stream, range)) {
        for (const segment of page) {
          // A leftover of another cut overlaps its neighbours. Only the first segment may contain the place to begin at.
          if (!isFirst && segment.firstVersion <= end.version) continue;
          const part = usablePart(segment, end);
          if (to) requireWithin(part, to);
          yield part;
          [end, isFirst] = [part, false];
          if (end.version === to?.version) return;
        }
      }
      if (end.version >= (more.toVersion ?? Number.POSITIVE_INFINITY)) return;
      const sealedTo = to ?? (await this.#options.segments.head(stream));
      if (sealedTo && sealedTo.version > end.version) {
        throw new UnusableError(`No segment follows version ${end.version}.`);
      }
    } catch (error) {
      await this.doubt(stream, error);
    }
  }

  /** The last usable row at a version or before. */
  async #rowOf(stream: StreamName, version: number, form: RowForm): Promise<StoredRow | undefined> {
    const { segments, requests } = this.#options;
    let highest = version;
    for (let tries = 0; tries < maxDamagedRows; tries += 1) {
      const row = await segments.rowBefore(stream, highest);
      if (row === undefined) return undefined;
      if (row.checksum === rowChecksum(row)) {
        if (isOfForm(row, form)) return row;
        // The projection has changed since.
        await requests?.ask({ stream, check: true });
        return undefined;
      }
      await this.doubt(stream, new UnusableError(`The row of version ${row.version} is damaged.`));
      highest = row.version - 1;
    }
    return undefined;
  }

  /** The last usable row at an instant or before, found by halving the versions between two rows. */
  async #rowAtInstant(
    stream: StreamName,
    at: string,
    highest: number,
    form: RowForm,
  ): Promise<StoredRow | undefined> {
    let found: StoredRow | undefined;
    let [low, high] = [0, highest];
    while (high - low >= segmentMaxEvents / 2) {
      const middle = Math.ceil((low + high) / 2);
      const row = await this.#rowOf(stream, middle, form);
      if (row === undefined || row.version <= low) low = middle;
      else if (row.committedAt <= at) [found, low] = [row, middle];
      else high = row.version - 1;
    }
    return found;
  }

  /** Throws if the log has no commit with this end. */
  async #requireFits(stream: StreamName, { version, lastCommit, hash }: SealedEnd): Promise<void> {
    if (version === 0) return;
    const commit = await this.#options.log.readCommit(stream, lastCommit);
    const fits = commit !== undefined && lastVersionOf(commit) === version && endOf(commit).hash === hash;
    if (!fits) throw new UnusableError(`The log has no such commit at version ${version}.`);
  }
}

function requireHead(head: StoredHead): void {
  if (head.checksum !== headChecksum(head)) throw new UnusableError('The head is damaged.');
}

/** Throws if a segment ends after the end of what is sealed, or there with another hash: it is of another history. */
function requireWithin(part: SealedEnd, { version, hash }: ChainEnd): void {
  if (part.version > version || (part.version === version && part.hash !== hash)) {
    throw new UnusableError(`The segment that ends at version ${part.version} does not fit the head.`);
  }
}

function isOfForm({ projection, rowVersion }: StoredRow, form: RowForm): boolean {
  return projection === form.name && rowVersion === (form.rowVersion ?? 1);
}

/** The commits of a segment after `from`. Throws if the segment is damaged, or does not continue from there. */
export function usablePart(segment: StoredSegment, from: ChainEnd): SealedPart {
  const { stream, firstVersion, version, lastCommit, hashBefore, hash, packed, checksum } = segment;
  if (checksum !== segmentChecksum(segment)) {
    throw new UnusableError(`The segment at version ${firstVersion} is damaged.`);
  }
  const isNext = firstVersion === from.version + 1;
  if (isNext ? hashBefore !== from.hash : firstVersion > from.version || version <= from.version) {
    throw new UnusableError(
      `The segment at version ${firstVersion} does not follow version ${from.version}.`,
    );
  }
  const all = unpackCommits(stream, firstVersion, packed);
  const commits = isNext ? all : all.filter((commit) => commit.version > from.version);
  const last = all.at(-1);
  if (!last || last.version !== lastCommit || lastVersionOf(last) !== version) {
    throw new UnusableError(`The segment at version ${firstVersion} has other commits than it says.`);
  }
  if (commits[0]?.version !== from.version + 1) {
    throw new UnusableError(`No commit of the segment at ${firstVersion} follows version ${from.version}.`);
  }
  return { commits, version, lastCommit, hash };
}

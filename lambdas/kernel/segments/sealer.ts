import { type ChainEnd, endOf, requireContinues } from '../chain.ts';
import { type Commit, categoryOfStream, lastVersionOf, recordedEvents, type StreamName } from '../commit.ts';
import type { DomainEvent } from '../decider.ts';
import { readEvent } from '../event-definitions.ts';
import type { EventLog } from '../event-log.ts';
import type { FoldableCommit } from '../fold.ts';
import { type Observer, silentObserver } from '../observer.ts';
import type { Folding } from '../projection.ts';
import { RecentCommands } from '../recent-commands.ts';
import type { SealedEnd } from '../sealed-history.ts';
import { headChecksum, rowChecksum, segmentChecksum } from './checksum.ts';
import { SegmentCutter } from './cut.ts';
import type { SealRequest } from './seal-requests.ts';
import { usablePart } from './sealed-streams.ts';
import { packCommits } from './segment-codec.ts';
import { partMaxBytes, type SegmentStore, type StoredHead, type StoredSegment } from './segment-store.ts';

/** A fold whose rows are stored at the ends of segments. */
// biome-ignore lint/suspicious/noExplicitAny: the sealer folds the events of every context alike.
export type SealedFolding = Folding<any, any, any>;

/** What sealing needs. */
export interface SealerOptions {
  readonly log: Pick<EventLog, 'read' | 'readCommit'>;
  readonly segments: SegmentStore;
  /** The projection of each category. Streams of other categories get no rows. */
  readonly projections: ReadonlyMap<string, SealedFolding>;
  /** Default: none. */
  readonly observer?: Pick<Observer, 'warn'> | undefined;
}

/** What sealing a stream has done. */
export interface Sealed {
  /** False: there was no time for the rest. The same request must come again. */
  readonly done: boolean;
  /** Number of segments that were written. */
  readonly segments: number;
  /** Number of rows that were written. */
  readonly rows: number;
  /** Version up to which the stream is sealed. */
  readonly version: number;
}

/** The segment does not fit an item. The stream is not sealed from there on. */
class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** Where a sealer is: the end of a segment, and the row there. */
interface Place extends SealedEnd {
  readonly row: unknown;
  /** False: the row is not known, or cannot be folded. */
  readonly hasRow: boolean;
}

const start: Place = { version: 0, lastCommit: 0, hash: undefined, row: undefined, hasRow: true };

/**
 * Seals streams: copies complete segments of their events out of the log, with the row at the end of each. It reads the log
 * strongly consistent and checks its chain. It is safe to repeat, and to run twice at the same time: each run writes the same
 * parts. What was written remains if a run is stopped, and the next one goes on from there.
 */
export class Sealer {
  readonly #options: SealerOptions;

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /**
   * Seals what is complete and not sealed. With `check`, what is sealed is checked first, and what is missing or damaged is
   * sealed again. Throws `log-changed` and `unreadable-event`, and what log and store throw.
   */
  async seal({ stream, check = false }: SealRequest, hasTime: () => boolean): Promise<Sealed> {
    const run = new SealingRun(this.#options, stream, hasTime);
    await run.run(check);
    const { done, segments, rows, version } = run;
    return { done, segments, rows, version };
  }
}

/** One run of a sealer on one stream. */
class SealingRun {
  done = true;
  segments = 0;
  rows = 0;
  version = 0;
  readonly #options: SealerOptions;
  readonly #stream: StreamName;
  readonly #hasTime: () => boolean;

  constructor(options: SealerOptions, stream: StreamName, hasTime: () => boolean) {
    this.#options = options;
    this.#stream = stream;
    this.#hasTime = hasTime;
  }

  async run(check: boolean): Promise<void> {
    const stored = await this.#options.segments.head(this.#stream, { consistent: true });
    const head = stored && (await this.#isUsable(stored)) ? stored : undefined;
    this.version = head?.version ?? 0;
    try {
      const place = head ? await this.#placeAt(head, check) : start;
      if (!this.#hasTime()) this.done = false;
      if (!this.done) return;
      // The commands of the head are those at its version. Without them, everything is read from the log again.
      if (head?.version === place.version) await this.#extend(place, head.commands);
      else await this.#extend(start, undefined, stored?.checksum);
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      const { observer = silentObserver } = this.#options;
      observer.warn('A stream is not sealed any further.', { stream: this.#stream, error });
    }
  }

  async #isUsable(head: StoredHead): Promise<boolean> {
    if (head.checksum !== headChecksum(head)) return false;
    const commit = await this.#options.log.readCommit(this.#stream, head.lastCommit);
    return commit !== undefined && lastVersionOf(commit) === head.version && commit.hash === head.hash;
  }

  /** The place of the head. Without a usable row there, or to check, everything before it is checked. */
  async #placeAt(head: StoredHead, check: boolean): Promise<Place> {
    const projection = this.#projection;
    const row = await this.#options.segments.rowBefore(this.#stream, head.version);
    const isUsable =
      row?.version === head.version &&
      row.checksum === rowChecksum(row) &&
      row.projection === projection?.name &&
      row.rowVersion === (projection.rowVersion ?? 1);
    if (!check && isUsable) return { ...head, row: JSON.parse(row.row), hasRow: true };
    if (!check && projection === undefined) return { ...head, row: undefined, hasRow: false };
    return this.#mend(head.version);
  }

  /** Checks everything up to a version, and seals again what is missing or damaged. */
  async #mend(toVersion: number): Promise<Place> {
    let place = start;
    for await (const page of this.#options.segments.segments(this.#stream, { fromVersion: 1 })) {
      for (const segment of page) {
        if (!this.#hasTime()) this.done = false;
        if (!this.done) return place;
        const before = Math.min(segment.firstVersion - 1, toVersion);
        place = await this.#sealAgain(place, before);
        if (place.version >= toVersion || !this.done) return place;
        // A leftover of another cut is not used by any reader.
        if (segment.firstVersion <= place.version) continue;
        place = await this.#checkSegment(place, segment);
      }
    }
    return this.#sealAgain(place, toVersion);
  }

  async #checkSegment(place: Place, segment: StoredSegment): Promise<Place> {
    let commits: readonly FoldableCommit[];
    try {
      ({ commits } = usablePart(segment, place));
    } catch {
      return this.#sealAgain(place, place.version + 1);
    }
    return this.#withRow(place, segment, commits);
  }

  /** Seals segments from the log until they reach a version. */
  async #sealAgain(from: Place, toVersion: number): Promise<Place> {
    let place = from;
    while (place.version < toVersion && this.done) {
      if (!this.#hasTime()) {
        this.done = false;
        break;
      }
      const commits = await this.#nextSegment(place);
      if (commits === undefined) break;
      place = await this.#put(place, commits);
    }
    return place;
  }

  /** The commits of the segment after a place. Undefined if it is not complete: it was cut by other rules. */
  async #nextSegment(place: Place): Promise<readonly Commit[] | undefined> {
    const cutter = new SegmentCutter();
    for await (const commit of this.#commitsAfter(place)) {
      const [complete] = cutter.add(commit);
      if (complete) return complete;
    }
    return undefined;
  }

  /** Seals complete segments after a place, and moves the head with each. */
  async #extend(from: Place, commandsBefore?: Uint8Array, replaces?: string): Promise<void> {
    const cutter = new SegmentCutter();
    const commands = commandsBefore ? RecentCommands.fromBytes(commandsBefore) : RecentCommands.empty();
    const noted: Commit[] = [];
    let place = from;
    for await (const commit of this.#commitsAfter(from)) {
      noted.push(commit);
      for (const commits of cutter.add(commit)) {
        while (noted[0] && noted[0].version <= (commits.at(-1)?.version ?? 0)) {
          commands.note(noted.shift() as Commit);
        }
        place = await this.#put(place, commits);
        await this.#putHead(place, commands.toBytes(commits.at(-1)?.committedAt ?? ''), commits, replaces);
        if (!this.#hasTime()) {
          this.done = false;
          return;
        }
      }
    }
  }

  async *#commitsAfter(place: ChainEnd): AsyncIterable<Commit> {
    let end = place;
    for await (const page of this.#options.log.read(this.#stream, { fromVersion: place.version + 1 })) {
      for (const commit of page) {
        requireContinues(commit, end);
        end = endOf(commit);
        yield commit;
      }
    }
  }

  /** Stores a segment and the row at its end. Returns the place after it. */
  async #put(place: Place, commits: readonly Commit[]): Promise<Place> {
    const [first, last] = [commits[0] as Commit, commits.at(-1) as Commit];
    const packed = packCommits(commits);
    if (packed.byteLength > partMaxBytes) {
      throw new TooLargeError(`The segment at version ${first.version} has ${packed.byteLength} bytes.`);
    }
    const segment = {
      stream: this.#stream,
      firstVersion: first.version,
      ...endOf(last),
      lastCommit: last.version,
      hashBefore: place.hash,
      packed,
    };
    await this.#options.segments.putSegment({ ...segment, checksum: segmentChecksum(segment) });
    this.segments += 1;
    return this.#withRow(place, segment, commits);
  }

  /** The place after a segment, with its row folded and stored. */
  async #withRow(
    place: Place,
    { version, lastCommit, hash }: SealedEnd,
    commits: readonly FoldableCommit[],
  ): Promise<Place> {
    const projection = this.#projection;
    const next = { version, lastCommit, hash, row: undefined, hasRow: false };
    if (projection === undefined || !place.hasRow) return next;
    let row = place.row;
    try {
      for (const event of commits.flatMap(recordedEvents)) {
        row = projection.project(
          row,
          readEvent<DomainEvent, typeof event>(projection.events, this.#stream, event),
        ).row;
      }
    } catch {
      // Events that cannot be folded: a question about the past answers with the error.
      return next;
    }
    await this.#putRow(next, projection, row, commits.at(-1)?.committedAt ?? '');
    return { ...next, row, hasRow: true };
  }

  async #putRow(end: SealedEnd, projection: SealedFolding, row: unknown, committedAt: string): Promise<void> {
    const { version, lastCommit, hash } = end;
    const stored = {
      stream: this.#stream,
      version,
      lastCommit,
      hash,
      committedAt,
      projection: projection.name,
      rowVersion: projection.rowVersion ?? 1,
      row: JSON.stringify(row),
    };
    if (Buffer.byteLength(stored.row) > partMaxBytes) return;
    const checksum = rowChecksum(stored);
    const present = await this.#options.segments.rowBefore(this.#stream, version);
    if (present?.version === version && present.checksum === checksum && rowChecksum(present) === checksum)
      return;
    await this.#options.segments.putRow({ ...stored, checksum });
    this.rows += 1;
  }

  async #putHead(
    { version, lastCommit, hash }: SealedEnd,
    commands: Uint8Array,
    commits: readonly Commit[],
    replaces: string | undefined,
  ): Promise<void> {
    const committedAt = commits.at(-1)?.committedAt ?? '';
    const head = { stream: this.#stream, version, lastCommit, hash, committedAt, commands };
    await this.#options.segments.putHead({ ...head, checksum: headChecksum(head) }, { replaces });
    this.version = version;
  }

  get #projection(): SealedFolding | undefined {
    return this.#options.projections.get(categoryOfStream(this.#stream));
  }
}

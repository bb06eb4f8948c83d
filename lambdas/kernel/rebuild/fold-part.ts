import { endOf, requireContinues } from '../chain.ts';
import { type FoldableCommit, foldCommits, type VersionedRow } from '../fold.ts';
import { type PartWork, projectionOf } from './build.ts';
import type { LogPage, LogPlace, LogScan, ScannedCommit } from './log-scan.ts';
import { parkFault, parkRefused } from './park-fault.ts';
import { noCounts, type OpenStream, type PartProgress } from './part-progress.ts';
import { readStream } from './read-stream.ts';
import type { RowWriter } from './row-writer.ts';

/** Progress is stored after this many events, or pages: so much is folded again after a crash. */
const eventsPerCheckpoint = 20_000;
const pagesPerCheckpoint = 32;

/** What folding a part of the log needs. */
export interface FoldWork<Row, Line> extends PartWork<Row, Line> {
  readonly scan: LogScan;
  readonly writer: RowWriter<Row, Line>;
}

/** The stream that the scan is in. */
interface CurrentStream<Row> {
  readonly stream: string;
  readonly id: string;
  row: VersionedRow<Row> | undefined;
  hash: string | undefined;
  /** The last version that the scan has met. */
  reached: number;
  events: number;
  isRead: boolean;
}

/**
 * Folds the streams of one part of the log into the generation that is being built: each row and line is written once. Continues
 * from stored progress. Returns how far it is when the part is done or the time is over; undefined if another invocation has taken
 * the part over. Each call reads at least one page, or one slice of a long stream, so repeated calls come to an end.
 * A stream that cannot be folded is parked, with its row as far as it folds. Throws in an outage.
 */
export async function foldPart<Row, Line>(
  work: FoldWork<Row, Line>,
  from: PartProgress | undefined,
): Promise<PartProgress | undefined> {
  const fold = new PartFold(work, from);
  await fold.resume(from?.open);
  const categories = [...work.model.projections.keys()];
  for await (const page of work.scan.pages(work.part, { categories, after: from?.place })) {
    const isFinished = await fold.take(page);
    if (page.next === undefined && isFinished) return fold.checkpoint(true);
    if (!isFinished || !work.hasTime()) return fold.checkpoint();
    if (fold.isDue && (await fold.checkpoint()) === undefined) return undefined;
  }
  return fold.checkpoint(true);
}

class PartFold<Row, Line> {
  readonly #work: FoldWork<Row, Line>;
  readonly #counts;
  #place: LogPlace | undefined;
  #current: CurrentStream<Row> | undefined;
  #eventsSince = 0;
  #pagesSince = 0;

  constructor(work: FoldWork<Row, Line>, from: PartProgress | undefined) {
    this.#work = work;
    this.#counts = structuredClone(from?.counts ?? noCounts());
    this.#place = from?.place;
  }

  /** True if the progress should be stored. */
  get isDue(): boolean {
    return this.#eventsSince >= eventsPerCheckpoint || this.#pagesSince >= pagesPerCheckpoint;
  }

  /**
   * Continues a stream that an earlier invocation left. One that is read by itself is read when the scan leaves it, so the scan
   * does not meet it again.
   */
  async resume(open: OpenStream | undefined): Promise<void> {
    if (open === undefined) return;
    const current = this.#begin(open.stream);
    current.row = (await this.#work.building.load([current.id])).get(current.id);
    current.hash = open.hash;
    // A row that is ahead was stored just before the invocation was killed. The scan does not fit it. A second line of defence: what
    // does not follow the row does not fold, and then the stream is read by itself too.
    const ahead = (current.row?.version ?? 0) - open.version;
    current.isRead = open.isRead || ahead !== 0;
    // A version is an event. The lines of these events are not counted: their number is not known any more.
    if (ahead > 0) this.#countEvents(ahead);
    current.reached = open.version;
    this.#current = current;
  }

  /** Folds a page. False if the time ended in the middle of it. */
  async take({ commits, next }: LogPage): Promise<boolean> {
    this.#pagesSince += 1;
    for (const run of runsOf(commits)) {
      const [{ stream }] = run;
      if (this.#current !== undefined && this.#current.stream !== stream && !(await this.#finish())) {
        return false;
      }
      this.#current ??= this.#begin(stream, run[0].version);
      await this.#fold(this.#current, run);
      const last = run.at(-1) ?? run[0];
      this.#place = { stream, version: last.version };
    }
    if (this.#current !== undefined && next?.stream !== this.#current.stream && !(await this.#finish())) {
      return false;
    }
    this.#place = next ?? this.#place;
    return true;
  }

  /** Stores everything, then the progress. Undefined if another invocation has stored another one. */
  async checkpoint(done = false): Promise<PartProgress | undefined> {
    const { writer, save } = this.#work;
    const { id, row, isRead } = this.#current ?? {};
    if (id !== undefined && row !== undefined && !isRead) await writer.row(id, row);
    if (this.#current !== undefined) this.#current.events = 0;
    this.#counts.parked += await parkRefused(this.#work, await writer.drain());
    const progress = {
      done,
      counts: this.#counts,
      place: this.#place,
      open: this.#current && openOf(this.#current),
    };
    this.#eventsSince = 0;
    this.#pagesSince = 0;
    return (await save(progress)) ? progress : undefined;
  }

  #begin(stream: string, version = 1): CurrentStream<Row> {
    const id = this.#work.model.idOf(stream);
    return { stream, id, row: undefined, hash: undefined, reached: 0, events: 0, isRead: version !== 1 };
  }

  async #fold(current: CurrentStream<Row>, run: readonly ScannedCommit[]): Promise<void> {
    current.reached = Math.max(current.reached, ...run.map(({ version }) => version || 0));
    if (current.isRead) return;
    const projection = projectionOf(this.#work.model, current.stream);
    let folded: ReturnType<typeof foldCommits<never, Row, Line>>;
    const events = { count: 0 };
    const end = { version: current.row?.version ?? 0, hash: current.hash };
    try {
      folded = foldCommits(projection, current.row, linked(run, end, events));
    } catch {
      // Out of order, or unfoldable: reading the stream by itself decides.
      current.isRead = true;
      this.#countEvents(-current.events);
      return;
    }
    if (folded === undefined) return;
    current.row = { version: folded.version, row: folded.row };
    current.hash = end.hash;
    current.events += events.count;
    this.#countEvents(events.count);
    this.#counts.lines += folded.lines.length;
    await this.#work.writer.lines(current.id, folded.lines);
  }

  /** Ends a stream. False if the time ended while it was read by itself. */
  async #finish(): Promise<boolean> {
    const current = this.#current;
    if (current === undefined) return true;
    if (current.isRead) {
      if (!(await this.#read(current))) return false;
    } else if (current.row !== undefined) {
      await this.#work.writer.row(current.id, current.row);
    }
    this.#counts.streams += 1;
    this.#counts.rows += current.row === undefined ? 0 : 1;
    this.#current = undefined;
    return true;
  }

  /** Reads a stream by itself, from its stored row on. False if the time is over. */
  async #read(current: CurrentStream<Row>): Promise<boolean> {
    const { stream, reached } = current;
    const { writer } = this.#work;
    // A row of it may still be under way.
    this.#counts.parked += await parkRefused(this.#work, await writer.drain());
    const read = await readStream(this.#work, stream);
    this.#countEvents(read.events);
    this.#counts.lines += read.lines;
    current.row = read.row;
    if (read.fault) {
      await parkFault(this.#work, { stream, version: Math.max(reached, read.reached), ...read.fault });
      this.#counts.parked += 1;
    }
    return read.isFinished;
  }

  #countEvents(events: number): void {
    this.#counts.events += events;
    this.#eventsSince += Math.max(0, events);
  }
}

function openOf<Row>({ stream, row, hash, isRead }: CurrentStream<Row>): OpenStream {
  return { stream, version: row?.version ?? 0, hash, isRead };
}

/** Commits of one stream that follow each other in a page. */
function runsOf(commits: readonly ScannedCommit[]): [ScannedCommit, ...ScannedCommit[]][] {
  const runs: [ScannedCommit, ...ScannedCommit[]][] = [];
  for (const commit of commits) {
    const run = runs.at(-1);
    if (run?.[0].stream === commit.stream) run.push(commit);
    else runs.push([commit]);
  }
  return runs;
}

/** The commits, each checked to continue the one before. Moves `end` forward, and counts the events. */
function* linked(
  run: readonly ScannedCommit[],
  end: { version: number; hash: string | undefined },
  events: { count: number },
): Iterable<FoldableCommit> {
  for (const scanned of run) {
    const commit = scanned.read();
    requireContinues(commit, end);
    Object.assign(end, endOf(commit));
    events.count += commit.events.length;
    yield commit;
  }
}

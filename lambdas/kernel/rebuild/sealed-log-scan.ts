import { type ChainEnd, endOf } from '../chain.ts';
import { EventSourcingError } from '../errors.ts';
import type { SealedHistory, SealedPart } from '../sealed-history.ts';
import type { StreamName } from '../stream-name.ts';
import type { LogPage, LogPlace, LogScan, ScannedCommit, TablePart } from './log-scan.ts';

/** Nobody looks for segments of a stream before a page ends behind this version: shorter streams have none, or one. */
const longStreamEvents = 1_000;

/** Minimum number of sealed events for a jump. The scan has already requested its next page, and a jump does not use it. */
const jumpMinEvents = 2_000;

/**
 * Scans a log, and reads long streams from their segments: when a page ends in the middle of a long stream, the next pages are its
 * segments, one each, and the scan continues behind the last of them. A segment is used only if the log has the commit that ends it,
 * with the same hash. What is missing or damaged is read from the log.
 */
export class SealedLogScan implements LogScan {
  readonly #scan: LogScan;
  readonly #sealed: Pick<SealedHistory, 'open' | 'fits'>;

  constructor(scan: LogScan, sealed: Pick<SealedHistory, 'open' | 'fits'>) {
    this.#scan = scan;
    this.#sealed = sealed;
  }

  async *pages(
    part: TablePart,
    { categories, after }: { readonly categories: readonly string[]; readonly after?: LogPlace | undefined },
  ): AsyncIterable<LogPage> {
    let from = after;
    /** Each stream is looked up once. */
    let known: string | undefined;
    for (;;) {
      const start: LogPlace | undefined = from;
      for await (const page of this.#scan.pages(part, { categories, after: start })) {
        yield page;
        const last = longStreamIn(page);
        if (last === undefined || last.stream === known) continue;
        known = last.stream;
        for await (const sealed of this.#sealedAfter(last)) {
          yield sealed;
          from = sealed.next;
        }
        if (from !== start) break;
      }
      if (from === start) return;
    }
  }

  /** The segments after a commit, as pages. None if a jump does not pay. */
  async *#sealedAfter(last: ScannedCommit): AsyncIterable<LogPage> {
    const { stream } = last;
    const end = endAfter(last);
    if (end === undefined) return;
    const sealed = await this.#sealed.open(stream);
    if (sealed === undefined || sealed.version - end.version < jumpMinEvents) return;
    for await (const part of sealed.read(end)) {
      if (!(await this.#sealed.fits(stream, part))) return;
      yield pageOf(stream, part);
    }
  }
}

/** The last commit of a page, if it is in the middle of a stream that is long enough to be sealed. */
function longStreamIn({ commits, next }: LogPage): ScannedCommit | undefined {
  const last = commits.at(-1);
  return last?.stream === next?.stream && last && last.version >= longStreamEvents ? last : undefined;
}

/** Undefined if the commit cannot be read: whoever folds it finds out why. */
function endAfter(commit: ScannedCommit): ChainEnd | undefined {
  try {
    return endOf(commit.read());
  } catch (error) {
    if (error instanceof EventSourcingError) return undefined;
    throw error;
  }
}

function pageOf(stream: StreamName, { commits, lastCommit, hash }: SealedPart): LogPage & { next: LogPlace } {
  return {
    commits: commits.map((commit) => ({
      stream,
      version: commit.version,
      // Segments have no hashes but that at their end. The commit behind it is checked against that.
      read: () => (commit.version === lastCommit && hash !== undefined ? { ...commit, hash } : commit),
    })),
    next: { stream, version: lastCommit },
  };
}

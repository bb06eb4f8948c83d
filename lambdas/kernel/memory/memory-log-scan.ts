import { compareKeys } from '../key-order.ts';
import type { LogPage, LogPlace, LogScan, ScannedCommit, TablePart } from '../rebuild/log-scan.ts';
import { categoryOfStream } from '../stream-name.ts';
import type { MemoryEventLog } from './memory-event-log.ts';

/** Options of {@link MemoryLogScan}. */
export interface MemoryLogScanOptions {
  /** Commits in a page. */
  readonly pageSize: number;
  /** Called before each page, so that a spec can append meanwhile. */
  readonly beforePage?: () => Promise<void>;
  /** Changes the commits of a page, as an engine could that keeps no order. Default: none. */
  readonly reorder?: (commits: readonly ScannedCommit[]) => readonly ScannedCommit[];
}

/** Scans a log in memory, with streams in the order of their names. */
export class MemoryLogScan implements LogScan {
  readonly #log: MemoryEventLog;
  readonly #options: MemoryLogScanOptions;

  constructor(log: MemoryEventLog, options: MemoryLogScanOptions) {
    this.#log = log;
    this.#options = options;
  }

  async *pages(
    part: TablePart,
    range: { readonly categories: readonly string[]; readonly after?: LogPlace | undefined },
  ): AsyncIterable<LogPage> {
    const { pageSize, beforePage, reorder = (commits) => commits } = this.#options;
    for (let after = range.after; ; ) {
      await beforePage?.();
      const rest = this.#log
        .all()
        .filter(({ stream }) => partOf(stream, part.segments) === part.segment)
        .filter(({ stream }) => range.categories.includes(categoryOfStream(stream)))
        .sort(byPlace)
        .filter((commit) => after === undefined || byPlace(commit, after) > 0);
      const page = rest.slice(0, pageSize);
      const last = rest.length > pageSize ? page.at(-1) : undefined;
      const next = last && { stream: last.stream, version: last.version };
      const commits = page.map((commit) => ({
        stream: commit.stream,
        version: commit.version,
        read: () => commit,
      }));
      yield { commits: reorder(commits), ...(next && { next }) };
      if (next === undefined) return;
      after = next;
    }
  }
}

/** The part of a key: a sum of its characters. */
export function partOf(key: string, segments: number): number {
  return [...key].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % segments;
}

function byPlace(a: LogPlace, b: LogPlace): number {
  return compareKeys(a.stream, b.stream) || a.version - b.version;
}

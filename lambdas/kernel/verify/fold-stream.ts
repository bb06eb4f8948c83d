import { UnfoldableError } from '../catch-up-row.ts';
import { lastVersionOf, type StreamName } from '../commit.ts';
import { isEventSourcingError, messageOf } from '../errors.ts';
import { type FoldableCommit, type FoldedRow, foldCommits, type VersionedRow } from '../fold.ts';
import type { History } from '../history.ts';
import { rowIdOf } from './row-id.ts';
import { digestOf, entryPart, type StoredStream } from './stored-rows.ts';
import type { AnyTarget } from './verified-target.ts';

/** What must be stored of a stream, by a fold of its events. */
export interface ExpectedStream {
  /** The row at the asked version, or at the last end of a commit before it. Undefined if there is none. */
  readonly at: VersionedRow<unknown> | undefined;
  /** The digest of every other part at that version. */
  readonly digests: ReadonlyMap<string, string>;
  /** Stored parts that are as they are at a later version. A projector writes lines before the row. */
  readonly ahead: ReadonlySet<string>;
  /** The version of the stream: its last event; 0 if it does not exist. */
  readonly end: number;
  /** When the first commit after that version was committed that a projector gets. Undefined if there is none. */
  readonly undeliveredSince: string | undefined;
  /** Whether a projector gets any commit of the stream. */
  readonly isAnyDelivered: boolean;
  /** Number of events that were read. */
  readonly events: number;
  /** Why later events cannot be folded. The row can be right nevertheless. */
  readonly fault: UnfoldableError | undefined;
}

/**
 * Folds a stream from its first event to a version, and reads on to its end, to know what a projector may have stored already. It
 * keeps a digest of each line, so it needs some 100 bytes of memory for each.
 *
 * `stored` must have been read before: everything in it that a projector wrote is then of commits that are read here.
 * Throws {@link UnfoldableError} if the events up to the version cannot be folded or read, and what the store throws.
 */
export async function foldStream(
  { history, onEvents }: { readonly history: History; readonly onEvents?: (count: number) => void },
  target: AnyTarget,
  stream: StreamName,
  asked: { readonly version: number; readonly stored: StoredStream },
): Promise<ExpectedStream> {
  const fold = new StreamFold(target, stream, asked);
  try {
    for await (const page of history.read(stream)) {
      fold.take(page);
      onEvents?.(page.reduce((sum, { events }) => sum + events.length, 0));
    }
  } catch (error) {
    fold.stop(asUnfoldable(error));
  }
  return fold.result();
}

/** Throws anything that is no fault of the stream: an outage. */
function asUnfoldable(error: unknown): UnfoldableError {
  if (error instanceof UnfoldableError) return error;
  if (isEventSourcingError(error, 'unreadable-event') || isEventSourcingError(error, 'log-changed')) {
    return new UnfoldableError(messageOf(error), { cause: error });
  }
  throw error;
}

class StreamFold {
  readonly #target: AnyTarget;
  readonly #id: string;
  readonly #version: number;
  readonly #stored: StoredStream;
  readonly #digests = new Map<string, string>();
  readonly #ahead = new Set<string>();
  #at: VersionedRow<unknown> | undefined;
  /** The row at the newest version that was folded. */
  #newest: VersionedRow<unknown> | undefined;
  #end = 0;
  #events = 0;
  #undeliveredSince: string | undefined;
  #isAnyDelivered = false;
  #fault: UnfoldableError | undefined;

  constructor(
    target: AnyTarget,
    stream: StreamName,
    { version, stored }: { readonly version: number; readonly stored: StoredStream },
  ) {
    this.#target = target;
    this.#id = rowIdOf(target.projection, stream);
    this.#version = version;
    this.#stored = stored;
  }

  /** The next commits, in order. */
  take(page: readonly FoldableCommit[]): void {
    const { isDelivered = () => true } = this.#target;
    this.#isAnyDelivered ||= page.some(isDelivered);
    const split = page.findIndex((commit) => lastVersionOf(commit) > this.#version);
    const reached = split === -1 ? page : page.slice(0, split);
    if (reached.length > 0) {
      for (const line of this.#fold(reached)?.lines ?? []) {
        const item = this.#target.rows.lineItem(this.#id, line);
        this.#digests.set(item.part, digestOf(item));
      }
      this.#at = this.#newest;
    }
    if (split === -1) return;
    for (const commit of page.slice(split)) this.#takeLater(commit);
  }

  /** The rest cannot be read or folded. Throws the fault if the version is not reached yet. */
  stop(fault: UnfoldableError): void {
    if ((this.#at?.version ?? 0) < this.#version && this.#newest === this.#at) throw fault;
    this.#fault = fault;
  }

  result(): ExpectedStream {
    const entry = this.#at && this.#target.rows.entryItem(this.#id, this.#at);
    if (entry) this.#digests.set(entryPart, digestOf(entry));
    return {
      at: this.#at,
      digests: this.#digests,
      ahead: this.#ahead,
      end: this.#end,
      undeliveredSince: this.#undeliveredSince,
      isAnyDelivered: this.#isAnyDelivered,
      events: this.#events,
      fault: this.#fault,
    };
  }

  /** A commit after the version. What is stored may be of it. */
  #takeLater(commit: FoldableCommit): void {
    const { isDelivered = () => true, rows } = this.#target;
    if (isDelivered(commit)) this.#undeliveredSince ??= commit.committedAt;
    const folded = this.#fold([commit]);
    if (folded === undefined) return;
    const items = folded.lines.map((line) => rows.lineItem(this.#id, line));
    const entry = this.#stored.digests.has(entryPart) ? rows.entryItem(this.#id, folded) : undefined;
    for (const item of entry ? [...items, entry] : items) {
      if (this.#stored.digests.get(item.part) === digestOf(item)) this.#ahead.add(item.part);
    }
  }

  #fold(commits: readonly FoldableCommit[]): FoldedRow<unknown, unknown> | undefined {
    const folded = foldOrRefuse(this.#target, this.#newest, commits);
    this.#newest = folded && { version: folded.version, row: folded.row };
    this.#end = commits.at(-1) ? lastVersionOf(commits.at(-1) as FoldableCommit) : this.#end;
    this.#events += commits.reduce((sum, { events }) => sum + events.length, 0);
    return folded;
  }
}

function foldOrRefuse(
  { projection }: AnyTarget,
  from: VersionedRow<unknown> | undefined,
  commits: readonly FoldableCommit[],
): FoldedRow<unknown, unknown> | undefined {
  try {
    return foldCommits(projection, from, commits);
  } catch (cause) {
    throw new UnfoldableError(messageOf(cause), { cause });
  }
}

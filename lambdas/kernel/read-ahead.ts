import { type Commit, lastVersionOf } from './commit.ts';
import { firstPageCommits, type ReadRange } from './event-log.ts';

/** What one request asks for: commits by the version of their first event, in order. */
export interface PageRange {
  /** Lowest version. */
  readonly from: number;
  /** Highest version. Default: to the end of the stream. */
  readonly to?: number | undefined;
  /** Maximum number of commits. Default: what fits into a response. */
  readonly maxCommits?: number;
}

/** The response to one request. */
export interface CommitPage {
  /** The first version of the last commit, if the response ended before its range. */
  readonly cutAfter: number | undefined;
  /** Size of the response. */
  readonly bytes: number;
  /** Decodes the commits. Throws what is wrong with them. */
  readonly commits: () => readonly Commit[];
}

/** Requests a page, strongly consistent. */
export type FetchPage = (range: PageRange, signal: AbortSignal) => Promise<CommitPage>;

/** Size that a request ahead aims at. A response has at most 1 MB. */
const aheadBytes = 512 * 1024;
/** Requests that run while the caller folds. */
const aheadRequests = 2;

interface Request {
  readonly from: number;
  /** The highest version of a range ahead. Undefined: the request is for a first page. */
  readonly upTo: number | undefined;
  readonly page: Promise<CommitPage>;
}

/** The pages of a stream one after the other. Each is requested when the caller asks for it. */
export async function* readInOrder(fetch: FetchPage, range: PageRange): AsyncIterable<readonly Commit[]> {
  const { signal } = new AbortController();
  const { to = Number.POSITIVE_INFINITY } = range;
  let from: number | undefined = range.from;
  while (from !== undefined && from <= to) {
    const page: CommitPage = await fetch({ ...range, from }, signal);
    const commits = page.commits();
    if (commits.length > 0) yield commits;
    from = page.cutAfter === undefined ? undefined : page.cutAfter + 1;
  }
}

/**
 * The pages of a range of a stream, in order, with the next ones requested while the caller folds. A caller that stops early aborts
 * these requests, and their errors are not reported. Any other error is thrown in its turn: after the pages before it.
 *
 * After a first page it requests ranges of versions side by side. They are not read at one instant: a later one can have commits
 * that were appended after an earlier one was read. So a range counts only if the one before it is whole. Otherwise the
 * stream is read on from its end, by a request that ends where the whole range does.
 *
 * With `readsOn` it waits for the answer after the first page: see {@link ReadRange}.
 */
export async function* readAhead(
  fetch: FetchPage,
  { from, to: end, readsOn }: Pick<PageRange, 'from' | 'to'> & Pick<ReadRange, 'readsOn'>,
): AsyncIterable<readonly Commit[]> {
  const ahead = new Ahead(fetch, end);
  try {
    ahead.open(from);
    let next = readsOn === undefined ? from : yield* firstPage(ahead, readsOn);
    for (let request = ahead.shift(); request !== undefined; request = ahead.shift()) {
      const page = await request.page;
      const { upTo } = request;
      if (upTo === undefined) ahead.plan(request.from, page);
      const commits = page.commits();
      next = nextAfter(page, commits) ?? next;
      if (upTo !== undefined) {
        if (next > upTo) ahead.follow({ from: request.from, to: upTo }, page);
        else ahead.open(next);
      }
      if (commits.length > 0) yield commits;
    }
  } finally {
    ahead.stop();
  }
}

/** Asks after the first page whether to read on. Returns the version that follows it. */
async function* firstPage(
  ahead: Ahead,
  readsOn: NonNullable<ReadRange['readsOn']>,
): AsyncGenerator<readonly Commit[], number> {
  const request = ahead.shift();
  const page = await request?.page;
  const commits = page?.commits() ?? [];
  const last = commits.at(-1);
  if (request === undefined || page === undefined || last === undefined) return 0;
  const version = lastVersionOf(last);
  const answer = ahead.goesOnAfter(page) ? readsOn(version) : Promise.resolve(false);
  yield commits;
  if (await answer) ahead.plan(request.from, page);
  return version + 1;
}

/** The version that follows a page. Undefined after the end of the stream. */
function nextAfter({ cutAfter }: CommitPage, commits: readonly Commit[]): number | undefined {
  const last = commits.at(-1);
  if (last !== undefined) return lastVersionOf(last) + 1;
  return cutAfter === undefined ? undefined : cutAfter + 1;
}

/** The requests that run. */
class Ahead {
  readonly #fetch: FetchPage;
  /** Nothing after this version is requested. */
  readonly #end: number | undefined;
  #requests: Request[] = [];
  readonly #abort = new AbortController();
  /** Where the next range begins, and how many versions it has. */
  #from = 0;
  #versions = 0;

  constructor(fetch: FetchPage, end: number | undefined) {
    this.#fetch = fetch;
    this.#end = end;
  }

  /** The oldest request. */
  shift(): Request | undefined {
    return this.#requests.shift();
  }

  /** Requests the stream from this version on. The requests that run are not used: aborting them would cost connections. */
  open(from: number): void {
    this.#requests = [];
    this.#request({ from, to: this.#end, maxCommits: firstPageCommits });
  }

  /** False: the range ends with this page. */
  goesOnAfter({ cutAfter }: CommitPage): boolean {
    return cutAfter !== undefined && (this.#end === undefined || cutAfter < this.#end);
  }

  /** Requests the ranges after a page that is cut, as wide as its density of versions says. */
  plan(from: number, { cutAfter, bytes }: CommitPage): void {
    if (cutAfter === undefined) return;
    this.#from = cutAfter + 1;
    this.#versions = Math.max(1, Math.floor((aheadBytes * (this.#from - from)) / Math.max(1, bytes)));
    for (let count = 0; count < aheadRequests; count += 1) this.#next();
  }

  /** Requests one more range after a whole one. If that was small, it is wider: the density of a stream changes. */
  follow({ from, to }: { readonly from: number; readonly to: number }, { bytes }: CommitPage): void {
    if (bytes < aheadBytes / 2) this.#versions = Math.max(this.#versions, 2 * (to - from + 1));
    this.#next();
  }

  /** Requests one more range, if there is more. */
  #next(): void {
    const from = this.#from;
    this.#from += this.#versions;
    const to = Math.min(this.#from - 1, this.#end ?? this.#from);
    this.#request({ from, to }, to);
  }

  /** Aborts the requests that still run. */
  stop(): void {
    this.#abort.abort();
  }

  #request(range: PageRange, upTo?: number): void {
    if (this.#end !== undefined && range.from > this.#end) return;
    const page = this.#fetch(range, this.#abort.signal);
    // It may fail before its turn, or be dropped.
    page.catch(() => undefined);
    this.#requests.push({ from: range.from, upTo, page });
  }
}

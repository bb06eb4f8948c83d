import type { Api } from './api.ts';
import { inLanes } from './lanes.ts';
import type { MetricBook } from './metric-book.ts';
import { compareHistory, type HistoryLine } from './metric-history.ts';
import { replay, type Standing } from './metric-replay.ts';
import { type MetricRow, rowDifferences } from './metric-row.ts';
import { pagesFor, pagesOf } from './pages.ts';
import type { ServerClock, Window } from './server-clock.ts';
import type { Counts } from './tally.ts';
import type { CatchUp } from './workload.ts';

/** Metrics looked at at the same time. */
const lanes = 8;
/** A deadline that is no further away than this is waited for before the comparison. */
const soonMs = 60_000;

export interface MetricsToVerify {
  readonly api: Api;
  readonly clock: ServerClock;
  readonly books: readonly MetricBook[];
  /** What the names of all of them begin with, and no other's. */
  readonly namePrefix: string;
  /** Counts the metrics by the status that their row shows. */
  readonly statuses: Counts;
  readonly onCompared: (done: number, total: number) => void;
}

/** How many rows have reached the versions in the books, and have no deadline that is about to pass. */
export async function catchUpMetrics(
  api: Api,
  clock: ServerClock,
  books: readonly MetricBook[],
): Promise<CatchUp> {
  let [current, progress] = [0, 0];
  await inLanes(books, lanes, async (book) => {
    const { status, body } = await api.send({ method: 'GET', path: `/metrics/${book.id}` });
    const version = status === 200 ? Number((body as MetricRow)['version']) : 0;
    if (version >= book.version && !isDueSoon(book, clock.now())) current += 1;
    progress += version;
  });
  return { current, total: books.length, progress };
}

function isDueSoon({ target }: MetricBook, { earliestMs }: Window): boolean {
  if (!target) return false;
  const leftMs = target.deadlineMs - earliestMs;
  return leftMs >= 0 && leftMs <= soonMs;
}

/** Compares every row, every history and the list of metrics with the books; a sentence for each difference. */
export async function verifyMetrics(run: MetricsToVerify): Promise<string[]> {
  const { api, clock, books, statuses, onCompared } = run;
  const differences: string[] = [];
  const standings = new Map<string, Standing>();
  let done = 0;
  await inLanes(books, lanes, async (book) => {
    const lines = await readHistory(api, book);
    const { findings, instantOf } = compareHistory(book, typeof lines === 'string' ? [] : lines);
    const { standing, findings: orderFindings } = replay(book, instantOf);
    standings.set(book.id, standing);
    const found = [
      ...book.findings,
      ...(typeof lines === 'string' ? [lines] : [...findings, ...orderFindings]),
      ...(await rowFindings(api, clock, book, standing, statuses)),
    ];
    differences.push(...found.map((finding) => `Metric ${book.id}: ${finding}.`));
    done += 1;
    onCompared(done, books.length);
  });
  const listed = await listFindings(run, standings);
  return [...differences, ...listed.map((finding) => `List of metrics: ${finding}.`)];
}

/** The whole history, oldest value first; a sentence where it cannot be read or does not end. */
async function readHistory(api: Api, book: MetricBook): Promise<HistoryLine[] | string> {
  const lines: HistoryLine[] = [];
  const path = `/metrics/${book.id}/history`;
  for await (const page of pagesOf<HistoryLine>(api, path, pagesFor(book.valueCount))) {
    if (typeof page === 'string') return page;
    lines.push(...page);
  }
  return lines;
}

async function rowFindings(
  api: Api,
  clock: ServerClock,
  book: MetricBook,
  standing: Standing,
  statuses: Counts,
): Promise<string[]> {
  const sentMs = clock.localMs();
  const { status, headers, body } = await api.send({ method: 'GET', path: `/metrics/${book.id}` });
  if (status !== 200) return [`GET answers ${status}, the books have version ${book.version}`];
  const row = body as MetricRow;
  statuses.add(String(row['status']));
  const now = clock.between(sentMs, clock.localMs());
  const etag = headers.etag === `"${row['version']}"` ? [] : [`the ETag is ${headers.etag}`];
  return [...etag, ...rowDifferences(row, book, standing, now)];
}

async function listFindings(
  { api, clock, books, namePrefix }: MetricsToVerify,
  standings: ReadonlyMap<string, Standing>,
): Promise<string[]> {
  const found: string[] = [];
  const byId = new Map(books.map((book) => [book.id, book]));
  const seen = new Map<string, number>();
  let [before, sentMs] = ['', clock.localMs()];
  for await (const page of pagesOf<MetricRow>(api, '/metrics', pagesFor(books.length), {
    name: namePrefix,
  })) {
    if (typeof page === 'string') return [...found, page];
    const now = clock.between(sentMs, clock.localMs());
    for (const row of page) {
      const [id, name] = [String(row['id']), String(row['name'])];
      seen.set(id, (seen.get(id) ?? 0) + 1);
      if (name < before) found.push(`"${name}" stands behind "${before}"`);
      before = name;
      const [book, standing] = [byId.get(id), standings.get(id)];
      if (!book || !standing) found.push(`${id}, "${name}", is one that no command was acknowledged for`);
      else found.push(...rowDifferences(row, book, standing, now).map((one) => `${id}: ${one}`));
    }
    sentMs = clock.localMs();
  }
  for (const { id } of books) {
    const times = seen.get(id) ?? 0;
    if (times !== 1) found.push(`${id} is listed ${times} times`);
  }
  return found;
}

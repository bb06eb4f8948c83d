import type { SingleRows } from '../category-rows.ts';
import { lastVersionOf } from '../commit.ts';
import { EventSourcingError } from '../errors.ts';
import { foldCommits, type VersionedRow } from '../fold.ts';
import { differingFields } from '../row-differences.ts';
import { categoryOfStream, type StreamName } from '../stream-name.ts';
import { type PartWork, projectionOf } from './build.ts';
import { catchUpStreams } from './catch-up-streams.ts';
import { loadReadable } from './load-readable.ts';
import { noCounts, type PartCounts, type PartProgress } from './part-progress.ts';
import type { RowScan, ScannedRow } from './row-scan.ts';

/** Parked streams that are caught up together. */
const parkedPage = 100;

/** What comparing a part of the rows needs. */
export interface CompareWork<Row, Line> extends PartWork<Row, Line> {
  readonly active: Pick<SingleRows<Row, Line>, 'load'>;
  readonly rows: RowScan<Row>;
  readonly generations: { readonly active: string; readonly building: string };
}

/** A version that no log reaches: the row is caught up to the end of the log. */
const toTheEnd = Number.POSITIVE_INFINITY;

/** What differs if the log of a row's stream ends before the row's version. */
const versionField = '(version)';

/**
 * Compares one part of the rows of the active generation with the one that is being built. What is behind is caught up from the log
 * first: projectors handled those commits before they began to write the new generation. The first part also catches up the parked
 * streams, which may have no row. Returns how far it is when the part is done or the time is over; undefined if another invocation
 * has taken the part over. Each call compares at least one page. Throws in an outage.
 */
export async function comparePart<Row, Line>(
  work: CompareWork<Row, Line>,
  from: PartProgress | undefined,
): Promise<PartProgress | undefined> {
  const { part, rows, generations, hasTime, save } = work;
  const counts = structuredClone(from?.counts ?? noCounts());
  let parkedAfter = from?.parkedAfter;
  if (part.segment === 0) {
    for (let next = await catchUpParked(work, counts, parkedAfter); next; ) {
      parkedAfter = next;
      if (!(await save({ done: false, counts, parkedAfter }))) return undefined;
      if (!hasTime()) return { done: false, counts, parkedAfter };
      next = await catchUpParked(work, counts, parkedAfter);
    }
  }
  const scanned = [generations.active, generations.building];
  for await (const { rows: page, next } of rows.pages(part, { generations: scanned, after: from?.after })) {
    await comparePage(work, counts, page);
    const progress = { done: next === undefined, counts, after: next, parkedAfter };
    if (!(await save(progress))) return undefined;
    if (progress.done || !hasTime()) return progress;
  }
  const done = { done: true, counts, parkedAfter };
  return (await save(done)) ? done : undefined;
}

/** Catches up a page of parked streams. Returns where the next page begins; undefined if there is none. */
async function catchUpParked<Row, Line>(
  work: CompareWork<Row, Line>,
  counts: PartCounts,
  after: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>> | undefined> {
  for (const [category, { name }] of work.model.projections) {
    const prefix = `${category}/`;
    const start = after[name] ?? prefix;
    const page = await work.parking.parkingLot.list(name, { limit: parkedPage, after: start });
    const own = page.filter(({ subject }) => subject.startsWith(prefix));
    const last = own.at(-1);
    if (last === undefined) continue;
    const streams = own.map(({ subject, version = 0 }) => ({ stream: subject, version }));
    const faulty = await catchUpStreams(work, counts, streams);
    counts.parked += faulty.length - (await behindActive(work, faulty));
    return { ...after, [name]: last.subject };
  }
  return undefined;
}

/** The number of streams whose rows are behind those of the active generation. They are met again, and counted, with these. */
async function behindActive<Row, Line>(
  { model, active, building }: CompareWork<Row, Line>,
  streams: readonly StreamName[],
): Promise<number> {
  const ids = streams.map(model.idOf);
  const [rows, built] = [await loadReadable(active, ids), await building.load(ids)];
  return ids.filter((id) => (rows.get(id)?.version ?? 0) > (built.get(id)?.version ?? 0)).length;
}

async function comparePage<Row, Line>(
  work: CompareWork<Row, Line>,
  counts: PartCounts,
  page: readonly ScannedRow<Row>[],
): Promise<void> {
  const { active, building } = work.generations;
  await compareActive(
    work,
    counts,
    page.filter(({ generation }) => generation === active),
  );
  const built = page.filter(({ generation }) => generation === building);
  const ids = built.map(({ id }) => id);
  const found = await loadReadable(work.active, ids);
  const alone = built.filter(({ id }) => !found.has(id));
  addTo(counts.differences, `(only in ${building})`, alone.length);
}

async function compareActive<Row, Line>(
  work: CompareWork<Row, Line>,
  counts: PartCounts,
  rows: readonly ScannedRow<Row>[],
): Promise<void> {
  const { building, model } = work;
  const ids = rows.map(({ id }) => id);
  const built = await building.load(ids);
  const behind = rows
    .map(({ id, version }) => ({ id, version: Number.isNaN(version) ? toTheEnd : version }))
    .filter(({ id, version }) => (built.get(id)?.version ?? 0) < version && hasProjection(model, id));
  const streams = behind.map(({ id, version }) => ({ stream: model.streamOf(id), version }));
  counts.parked += (await catchUpStreams(work, counts, streams)).length;
  const caughtUp = await building.load(behind.map(({ id }) => id));
  for (const row of rows) {
    counts.rows += 1;
    counts.streams += 1;
    const other = caughtUp.get(row.id) ?? built.get(row.id);
    for (const field of await differences(work, row, other)) addTo(counts.differences, field, 1);
  }
}

/** False for a row whose category has no projection any more: a rule of the TODO list was removed, or somebody wrote it by hand. */
function hasProjection<Row, Line>(
  { projections, streamOf }: CompareWork<Row, Line>['model'],
  id: string,
): boolean {
  return projections.has(categoryOfStream(streamOf(id)));
}

/** The names of the fields in which the row of the active generation differs from the built one. */
async function differences<Row, Line>(
  work: CompareWork<Row, Line>,
  active: ScannedRow<Row>,
  built: VersionedRow<Row> | undefined,
): Promise<readonly string[]> {
  if (built === undefined) return [`(only in ${active.generation})`];
  if (built.version === active.version) return differingFields(active.row, built.row);
  if (built.version < active.version) return [versionField];
  // Commits arrive while the rows are compared: the built row is newer.
  const now = (await loadReadable(work.active, [active.id])).get(active.id) ?? active;
  if (now.version === built.version) return differingFields(now.row, built.row);
  const folded = await rowAtVersion(work, active);
  return folded === undefined ? [versionField] : differingFields(active.row, folded);
}

/** The row of a stream at the version of this one, folded freshly. Undefined if the stream has no such version. */
async function rowAtVersion<Row, Line>(
  { model, history }: CompareWork<Row, Line>,
  { id, version }: ScannedRow<Row>,
): Promise<Row | undefined> {
  const stream = model.streamOf(id);
  const projection = projectionOf(model, stream);
  let row: VersionedRow<Row> | undefined;
  try {
    for await (const page of history.read(stream)) {
      const upTo = page.filter((commit) => lastVersionOf(commit) <= version);
      const folded = foldCommits(projection, row, upTo);
      row = folded && { version: folded.version, row: folded.row };
      if (upTo.length < page.length) break;
    }
  } catch (error) {
    if (!(error instanceof EventSourcingError)) throw error;
  }
  return row?.version === version ? row.row : undefined;
}

function addTo(differences: Record<string, number>, field: string, by: number): void {
  if (by > 0) differences[field] = (differences[field] ?? 0) + by;
}

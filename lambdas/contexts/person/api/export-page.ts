import * as z from 'zod';
import type { Cursors } from '../../../http/cursor.ts';
import { bytesInResult } from '../../../http/result.ts';
import { revealedEvents, type ViewKeys } from '../../../http/revealing.ts';
import {
  categoryOfStream,
  erased,
  idOfStream,
  type LogQueries,
  type RecordedEvent,
  recordedEvents,
  type StreamName,
  streamName,
} from '../../../kernel/index.ts';
import type { TenantPersons } from '../../person-search.ts';
import type { SubjectDocument, SubjectExport } from '../../subject-export.ts';
import { persons } from './answers.ts';

/** What the export reads. */
export interface ExportSide {
  readonly log: LogQueries;
  readonly keys: ViewKeys;
  readonly cursors: Cursors;
  readonly persons: TenantPersons;
  /** What contexts add for their streams. */
  readonly exports: readonly SubjectExport[];
}

/**
 * Where a page begins: the page of the index (null: the first), the stream (empty: the first of that page), the version of the commit in it,
 * and how many of its events were on earlier pages.
 */
export const exportPlaceSchema = z.tuple([z.string().nullable(), z.string(), z.int(), z.int()]);
type Place = z.output<typeof exportPlaceSchema>;
/** A place in a stream. */
type EventPlace = readonly [commit: number, skip: number];
const start: EventPlace = [1, 0];

/**
 * A page ends after about this many bytes. One item may be larger: an event with its document, which has up to 4 MB, 5.6 MB in base64. The
 * maximum of an answer is 6 MB.
 */
const pageBytes = 4 * 1024 * 1024;
/** Each stream is read from the log, the read model and the key table. */
const pageStreams = 25;
/** Commits of one read of the log. */
const readCommits = 50;

interface DocumentView {
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly content: string | typeof erased;
}

interface EventView {
  readonly version: number;
  readonly type: string;
  readonly committedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly documents?: readonly DocumentView[];
}

interface StreamView {
  readonly stream: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly events: readonly EventView[];
}

/** The space that is left on a page. */
interface Space {
  bytes: number;
  /** False until the page has an event: an event always fits on an empty page. */
  hasEvents: boolean;
}

/** A page of the data of a person: the own stream first, then those that the index names. */
export async function exportPage(
  side: ExportSide,
  personId: string,
  now: string,
  [indexPage, from, ...place]: Place = [null, '', ...start],
): Promise<{ readonly streams: readonly StreamView[]; readonly next?: Place }> {
  const { streams: found, next: nextIndexPage } = await side.persons.streamsOf(
    personId,
    indexPage ?? undefined,
  );
  const own = streamName(persons.category, personId);
  const all = indexPage === null ? [own, ...found] : found;
  const rest = startingAt(all, from, own);
  const space: Space = { bytes: pageBytes, hasEvents: false };
  const streams: StreamView[] = [];
  for (const [index, stream] of rest.entries()) {
    if (index === pageStreams || space.bytes <= 0) return { streams, next: [indexPage, stream, ...start] };
    const { view, cutAt } = await readStream(side, stream, stream === from ? place : start, now, space);
    if (view.events.length > 0) streams.push(view);
    if (cutAt !== undefined) return { streams, next: [indexPage, stream, ...cutAt] };
  }
  return { streams, ...(nextIndexPage !== undefined && { next: [nextIndexPage, '', ...start] as Place }) };
}

/** The streams from one on. If the index no longer has it, from the next one on: they are in the order of their names. */
function startingAt(all: readonly StreamName[], from: string, own: StreamName): readonly StreamName[] {
  const index = (all as readonly string[]).indexOf(from);
  if (index !== -1) return all.slice(index);
  return from === '' ? all : all.filter((stream) => stream !== own && stream > from);
}

/** The events of a stream that fit on the page. `cutAt`: the place of the first one that does not. */
async function readStream(
  side: ExportSide,
  stream: StreamName,
  from: EventPlace,
  now: string,
  space: Space,
): Promise<{ readonly view: StreamView; readonly cutAt?: EventPlace }> {
  const subject = side.exports.find(({ category }) => category === categoryOfStream(stream));
  const isErased = (await subject?.isErased(idOfStream(stream))) ?? false;
  const [commit, skip] = from;
  // A page that has no event of the stream does not show its row either.
  const begins = commit === 1 && skip === 0;
  const row = begins ? await subject?.rowOf(idOfStream(stream), now) : undefined;
  space.bytes -= bytesInResult(row ?? {});
  const events: EventView[] = [];
  const viewOf = (cutAt?: EventPlace) => ({
    view: { stream, ...(row && { row: row as StreamView['row'] & object }), events },
    ...(cutAt !== undefined && { cutAt }),
  });
  for await (const { recorded, place } of eventsFrom(side, stream, from, isErased)) {
    const documents = subject?.documentsOf(recorded) ?? [];
    const { version, type, committedAt, data } = recorded;
    const event = { version, type, committedAt, data: data as EventView['data'] };
    const bytes =
      bytesInResult(event) + documents.reduce((sum, { sizeBytes }) => sum + base64Chars(sizeBytes), 0);
    if (space.hasEvents && bytes > space.bytes) return viewOf(place);
    space.bytes -= bytes;
    space.hasEvents = true;
    const views = await Promise.all(documents.map(documentView));
    events.push({ ...event, ...(views.length > 0 && { documents: views }) });
  }
  return viewOf();
}

/** The events of a stream from a place on, with their personal values in plain text. */
async function* eventsFrom(
  { log, keys }: ExportSide,
  stream: StreamName,
  [fromVersion, skip]: EventPlace,
  isErased: boolean,
): AsyncGenerator<{ readonly recorded: RecordedEvent; readonly place: EventPlace }> {
  for await (const page of log.read(stream, { fromVersion, pageSize: readCommits })) {
    const placed = page
      .flatMap((commit) =>
        recordedEvents(commit).map((event, index) => ({ event, place: [commit.version, index] as const })),
      )
      .filter(({ place: [commit, index] }) => commit > fromVersion || index >= skip);
    const data = await revealedEvents(
      keys,
      stream,
      placed.map(({ event }) => event),
      isErased,
    );
    for (const [index, { event, place }] of placed.entries())
      yield { recorded: { ...event, data: data[index] as object }, place };
  }
}

async function documentView({ contentType, sizeBytes, read }: SubjectDocument): Promise<DocumentView> {
  const bytes = await read();
  return { contentType, sizeBytes, content: bytes ? Buffer.from(bytes).toString('base64') : erased };
}

function base64Chars(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

import * as z from 'zod';
import type { Cursors } from '../http/cursor.ts';
import type { IsErased } from '../http/erasures.ts';
import { type PageItems, type PlacedItem, pageBody, pageMaxBytes } from '../http/page-body.ts';
import { pageOf, pageQuery } from '../http/pagination.ts';
import { aggregateIdSchema } from '../http/parameters.ts';
import { rejectionProblem } from '../http/problem.ts';
import { dividedCursors, dividedKeys, dividedLog } from '../http/request-tenant.ts';
import { bytesInResult } from '../http/result.ts';
import { revealedEvents, type ViewKeys } from '../http/revealing.ts';
import { defineRoute, type Route } from '../http/route.ts';
import type { Visibility } from '../http/visibility.ts';
import { type Commit, type LogQueries, type SubjectKeys, streamName } from '../kernel/index.ts';

const eventSchema = z.object({
  version: z.int(),
  id: z.string(),
  type: z.string(),
  schemaVersion: z.int(),
  data: z.record(z.string(), z.unknown()).meta({
    description:
      'As it was recorded, with personal values in plain text. One that was erased is `{"erased": true}`: its key is destroyed.',
  }),
  committedAt: z.string().meta({
    description: 'When it was appended. An event can appear up to 3 seconds after this time.',
  }),
  commandId: z.string(),
  correlationId: z.string(),
  causationId: z.string().optional(),
  actor: z.string().optional(),
});

type EventView = z.output<typeof eventSchema>;

/** Where a page begins: the version of a commit, and how many of its events were on earlier pages. */
const positionSchema = z.tuple([z.int(), z.int()]);
type Position = z.output<typeof positionSchema>;

/**
 * `GET /streams/{category}/{id}`: all recorded events of a stream, oldest first, unchanged except that personal values are plain. A stream
 * that the caller may not see is answered like one that does not exist.
 */
export function streamRoute(
  allStreams: LogQueries,
  allKeys: SubjectKeys,
  allCursors: Cursors,
  visibility: Visibility,
  isErased: IsErased,
): Route {
  const log = dividedLog(allStreams);
  const keys = dividedKeys(allKeys);
  const cursors = dividedCursors(allCursors);
  return defineRoute({
    method: 'GET',
    path: '/streams/{category}/{id}',
    operationId: 'readStream',
    summary: 'The recorded events of a stream: the audit trail',
    description:
      'Where accounts have owners, the stream of an account of another owner needs `ledger:any`; without it, the answer is 404.',
    tags: ['system'],
    access: 'streams:read',
    reads: { path: ({ category = '', id = '' }) => [streamName(category, id)] },
    params: z.object({
      category: z
        .string()
        .regex(
          /^[a-z][a-z0-9-]{0,63}$/,
          'A category is 1 to 64 lower-case letters, digits or "-", and begins with a letter.',
        ),
      id: aggregateIdSchema,
    }),
    query: z.object(pageQuery),
    answers: { 200: { description: 'A page of events.', schema: pageOf(eventSchema) } },
    problems: { 404: 'There is no such stream.' },
    handle: async ({ params: { category, id }, query: { limit, cursor }, context: { principal } }) => {
      const stream = streamName(category, id);
      if (!(await visibility.sees(principal, stream))) throw noStream(stream);
      const scope = `/streams/${stream}`;
      const from: Position =
        cursor === undefined ? [1, 0] : positionSchema.parse(cursors.decode(scope, cursor));
      const { items, next } = await readPage(log, stream, from, limit);
      if (items.length === 0 && cursor === undefined) throw noStream(stream);
      const shown = await revealedItems(keys, stream, items, await isErased(stream));
      return { status: 200 as const, body: pageBody(cursors, scope, { items: shown, next }) };
    },
  });
}

function noStream(stream: string) {
  const detail = `There is no stream ${stream}.`;
  return rejectionProblem({ kind: 'not-found', code: 'streams/not-found', detail });
}

/** The items with plain values. Throws an outage, and `unreadable-event` for a ciphertext that is not of its event and field. */
async function revealedItems(
  keys: ViewKeys,
  stream: string,
  items: readonly PlacedItem<EventView, Position>[],
  isErased: boolean,
): Promise<readonly PlacedItem<EventView, Position>[]> {
  const data = await revealedEvents(
    keys,
    stream,
    items.map(({ item }) => item),
    isErased,
  );
  return items.map(({ item, place }, index) => ({ item: { ...item, data: { ...data[index] } }, place }));
}

/**
 * Reads up to `limit` events, starting at a position. `next` is the position of the next page, if there is one. Reading ends
 * early when the events are too large for one page. Personal values stay in their envelopes.
 */
async function readPage(
  log: LogQueries,
  stream: ReturnType<typeof streamName>,
  [fromVersion, skip]: Position,
  limit: number,
): Promise<PageItems<EventView, Position>> {
  const items: PlacedItem<EventView, Position>[] = [];
  let bytes = 0;
  // A commit has at least one event, so one commit more than the limit shows whether there is a next page.
  for await (const page of log.read(stream, { fromVersion, pageSize: limit + 1 })) {
    for (const commit of page) {
      const begin = commit.version === fromVersion ? skip : 0;
      if (items.length === limit || bytes > pageMaxBytes) return { items, next: [commit.version, begin] };
      const taken = placedEvents(commit).slice(begin, begin + limit - items.length);
      const end = begin + taken.length;
      items.push(...taken);
      bytes += bytesInResult(taken.map(({ item }) => item));
      if (end < commit.events.length) return { items, next: [commit.version, end] };
    }
  }
  return { items };
}

/** The events of a commit, each with the position after it. */
function placedEvents(commit: Commit): PlacedItem<EventView, Position>[] {
  return viewsOf(commit).map((item, index) => ({ item, place: [commit.version, index + 1] }));
}

function viewsOf({
  events,
  version,
  committedAt,
  commandId,
  correlationId,
  causationId,
  actor,
}: Commit): EventView[] {
  return events.map((event, index) => ({
    version: version + index,
    id: event.id,
    type: event.type,
    schemaVersion: event.schemaVersion,
    data: { ...event.data },
    committedAt,
    commandId,
    correlationId,
    ...(causationId !== undefined && { causationId }),
    ...(actor !== undefined && { actor }),
  }));
}

import * as z from 'zod';
import { type PointInTime, rowAt, streamName, type VersionedRow } from '../kernel/index.ts';
import { etag, isNotModified } from './conditions.ts';
import { isErasedNow } from './erasures.ts';
import { instantSchema, versionSchema } from './parameters.ts';
import { problem } from './problem.ts';
import {
  findRow,
  idOf,
  notFound,
  notFoundProblem,
  type QueryResource,
  type ReadSide,
  readsOf,
  scopesOf,
  viewsOf,
} from './resource.ts';
import { hasErased } from './revealing.ts';
import { defineRoute, type Route } from './route.ts';

const pastQuery = z.object({ version: versionSchema.optional(), at: instantSchema.optional() });

/** The declaration of a route that reads one aggregate. */
export interface RowSpec<Row> {
  readonly operationId: string;
  readonly summary: string;
  /** True: the route accepts `version` or `at` in the query, to read the past. Default: false. */
  readonly past?: boolean;
  /**
   * False if time alone has changed the answer since the row was written. A client's copy of this version is then
   * outdated, so the answer is not 304. Default: always true.
   */
  readonly isSettled?: (row: Row, now: string) => boolean;
}

/** Declares `GET /ledger/{id}`: the row, with its version as `ETag`, or 304 to a client that has that version, unless values in it were erased. */
export function rowRoute<Row extends { readonly id: string }, Line, List extends string>(
  resource: QueryResource<Row, Line>,
  side: Pick<ReadSide<Row, Line, List>, 'log' | 'commitClock' | 'readModel' | 'keys'>,
  { operationId, summary, past = false, isSettled = () => true }: RowSpec<Row>,
): Route {
  const { noun, schema } = resource;
  const path = `${resource.path}/{id}` as const;
  const pastNote = past
    ? ' With `version` or `at`, the answer is the state at that point, read from the log. It never changes later. So ' +
      'the answer about one of the last seconds waits until nothing more can be committed with that time, usually less than ' +
      '5 seconds. An instant that has not passed yet is refused (`future-instant`).'
    : '';
  return defineRoute({
    method: 'GET',
    tags: [resource.category],
    access: scopesOf(resource.category).read,
    reads: readsOf(resource, path),
    path,
    operationId,
    summary,
    description: `Eventually consistent. With \`Cache-Control: no-cache\`, the answer includes everything that is committed.${pastNote}`,
    ...idOf(resource),
    query: past ? pastQuery : z.object({}),
    answers: {
      200: {
        description: `The ${noun}.`,
        schema,
        headers: { etag: 'Its version. After a rebuild of the read model, also the generation.' },
      },
      304: { description: 'It still has the version named in `If-None-Match`.' },
    },
    problems: notFoundProblem(resource),
    handle: async ({ params: { id }, query, headers, context: { now } }) => {
      const point = pointInTime(query);
      const found = point
        ? await rowInThePast(resource, side, id, point)
        : await findRow(resource, side, id, headers);
      const tag = etag(found.version, found.generation);
      const erasedLater = point !== undefined && (await isErasedNow(resource, side, id));
      const isKnown = isNotModified(headers, tag) && isSettled(found.row, now);
      // An erasure changes what every version shows: a copy of before has values that must not be shown any more.
      const stored = { stream: streamName(resource.category, id), value: found.row };
      if (isKnown && !erasedLater && !(await hasErased(side.keys, stored)))
        return { status: 304 as const, headers: { etag: tag } };
      const [body] = await viewsOf(resource, side, [found], now, erasedLater);
      return { status: 200 as const, headers: { etag: tag }, body };
    },
  });
}

async function rowInThePast<Row, Line>(
  resource: QueryResource<Row, Line>,
  { log, commitClock }: Pick<ReadSide<Row, Line>, 'log' | 'commitClock'>,
  id: string,
  point: PointInTime,
): Promise<VersionedRow<Row>> {
  const { projection } = resource;
  const stream = streamName(projection.category, id);
  if ('at' in point) await commitClock.untilSettled(stream, point.at);
  const { state: row, version } = await rowAt({ log, sealed: log.sealed }, projection, stream, point);
  if (row !== undefined && !('version' in point && version < point.version)) return { row, version };
  throw notFound(
    resource,
    `At this point there was no ${resource.noun} with this id, or it does not have this version yet.`,
  );
}

/** The point in time that a query requests. Undefined: now. Throws `invalid-query` if it has both parameters. */
function pointInTime({ version, at }: z.output<typeof pastQuery>): PointInTime | undefined {
  if (version !== undefined && at !== undefined) {
    throw problem('invalid-query', 'Ask for a version or for an instant, not for both.');
  }
  if (version !== undefined) return { version };
  return at === undefined ? undefined : { at };
}

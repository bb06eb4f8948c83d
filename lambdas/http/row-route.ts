import * as z from 'zod';
import { type EventLog, type PointInTime, rowThen, streamName, type VersionedRow } from '../kernel/index.ts';
import { etag, isNotModified } from './conditions.ts';
import { instantSchema, versionSchema } from './parameters.ts';
import { problem } from './problem.ts';
import {
  findRow,
  idParams,
  notFound,
  notFoundProblem,
  type QueryResource,
  type ReadSide,
} from './resource.ts';
import { defineRoute, type Route } from './route.ts';

const pastQuery = z.object({ version: versionSchema.optional(), at: instantSchema.optional() });

/** How one aggregate is read. */
export interface RowSpec<Row> {
  readonly operationId: string;
  readonly summary: string;
  /** True: the query parameters `version` and `at` read the past. Default: false. */
  readonly past?: boolean;
  /**
   * False where the passing of time alone has changed the answer since the row was written: the client's copy of the
   * version is then out of date. Default: time changes nothing.
   */
  readonly isSettled?: (row: Row, now: string) => boolean;
}

/** Declares `GET /ledger/{id}`: the row, with its version as `ETag`, or 304 to a client that has that version. */
export function rowRoute<Row, Line, List extends string>(
  resource: QueryResource<Row, Line>,
  side: Pick<ReadSide<Row, Line, List>, 'log' | 'readModel'>,
  { operationId, summary, past = false, isSettled = () => true }: RowSpec<Row>,
): Route {
  const { noun, schema, view } = resource;
  const pastNote = past ? ' `version` or `at` answers the past, read from the log.' : '';
  return defineRoute({
    method: 'GET',
    tags: [resource.category],
    path: `${resource.path}/{id}`,
    operationId,
    summary,
    description: `Eventually consistent; \`Cache-Control: no-cache\` answers with everything that is committed.${pastNote}`,
    params: idParams,
    query: past ? pastQuery : z.object({}),
    answers: {
      200: { description: `The ${noun}.`, schema, headers: { etag: 'Its version.' } },
      304: { description: 'It still has the version named in `If-None-Match`.' },
    },
    problems: notFoundProblem(resource),
    handle: async ({ params: { id }, query, headers, context: { now } }) => {
      const then = pointInTime(query);
      const found = then
        ? await rowInThePast(resource, side, id, then)
        : await findRow(resource, side, id, headers);
      const tag = { etag: etag(found.version) };
      if (isNotModified(headers, found.version) && isSettled(found.row, now))
        return { status: 304 as const, headers: tag };
      return { status: 200 as const, headers: tag, body: view(found, now) };
    },
  });
}

async function rowInThePast<Row, Line>(
  resource: QueryResource<Row, Line>,
  { log }: { readonly log: EventLog },
  id: string,
  then: PointInTime,
): Promise<VersionedRow<Row>> {
  const { projection } = resource;
  const { state: row, version } = await rowThen(log, projection, streamName(projection.category, id), then);
  if (row !== undefined && !('version' in then && version < then.version)) return { row, version };
  throw notFound(resource, `There was no ${resource.noun} with this id then, or it has no such version yet.`);
}

/** The past that a query asks for. Undefined: the present. Throws a problem for a query with both parameters. */
function pointInTime({ version, at }: z.output<typeof pastQuery>): PointInTime | undefined {
  if (version !== undefined && at !== undefined) {
    throw problem('invalid-query', 'Ask for a version or for an instant, not for both.');
  }
  if (version !== undefined) return { version };
  return at === undefined ? undefined : { at };
}

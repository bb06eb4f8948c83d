import * as z from 'zod';
import { etag, isNotModified, wantsFresh } from '../../../http/conditions.ts';
import type { Cursors } from '../../../http/cursor.ts';
import { pageOf, pageQuery, positionOf } from '../../../http/pagination.ts';
import { aggregateIdSchema } from '../../../http/parameters.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import { defineRoute, type RequestHeaders, type Route } from '../../../http/route.ts';
import {
  type EventLog,
  keysWithPrefix,
  type ReadModel,
  rowNow,
  type VersionedRow,
} from '../../../kernel/index.ts';
import { dispenseStatuses } from '../domain/dispense.ts';
import { type DispenseRow, dispenseProjection, stateKey } from '../read-model/projection.ts';
import { dispenseSchema, dispenseView } from './answers.ts';

export interface QueryDependencies {
  readonly log: EventLog;
  readonly readModel: ReadModel<DispenseRow, never>;
  readonly cursors: Cursors;
}

export function dispenseQueryRoutes(dependencies: QueryDependencies): Route[] {
  return [getDispense(dependencies), listDispenses(dependencies)];
}

function getDispense(dependencies: QueryDependencies): Route {
  return defineRoute({
    method: 'GET',
    tags: ['dispense'],
    path: '/dispenses/{id}',
    operationId: 'getDispense',
    summary: 'A dispense: patient, drugs, prescription and what was read of it',
    description:
      'Eventually consistent; `Cache-Control: no-cache` answers with everything that is committed.',
    params: z.object({ id: aggregateIdSchema }),
    answers: {
      200: { description: 'The dispense.', schema: dispenseSchema, headers: { etag: 'Its version.' } },
      304: { description: 'It still has the version named in `If-None-Match`.' },
    },
    problems: { 404: 'There is no dispense with this id.' },
    handle: async ({ params: { id }, headers }) => {
      const { row, version } = await findDispense(dependencies, id, headers);
      const tag = { etag: etag(version) };
      if (isNotModified(headers, version)) return { status: 304 as const, headers: tag };
      return { status: 200 as const, headers: tag, body: dispenseView(row, version) };
    },
  });
}

function listDispenses({ readModel, cursors }: QueryDependencies): Route {
  return defineRoute({
    method: 'GET',
    tags: ['dispense'],
    path: '/dispenses',
    operationId: 'listDispenses',
    summary: 'Dispenses, all or those in a state, oldest first',
    query: z.object({ ...pageQuery, state: z.enum(dispenseStatuses).optional() }),
    answers: { 200: { description: 'A page of dispenses.', schema: pageOf(dispenseSchema) } },
    handle: async ({ query: { limit, cursor, state } }) => {
      const scope = `/dispenses?state=${state ?? ''}`;
      const after = positionOf(cursors, scope, cursor);
      const { rows, next } = await (state === undefined
        ? readModel.list('byStart', { after, limit })
        : readModel.list('byState', { ...keysWithPrefix(stateKey(state)), after, limit }));
      const items = rows
        // The list may lag behind its rows.
        .filter(({ row }) => state === undefined || row.state === state)
        .map(({ row, version }) => dispenseView(row, version));
      return { status: 200 as const, body: { items, ...(next && { next: cursors.encode(scope, next) }) } };
    },
  });
}

/** The dispense as the caller wants it, fresh or not. Throws a problem where there is none. */
export async function findDispense(
  sources: Pick<QueryDependencies, 'log' | 'readModel'>,
  id: string,
  headers: RequestHeaders,
): Promise<VersionedRow<DispenseRow>> {
  const found = await rowNow(sources, dispenseProjection, id, wantsFresh(headers));
  if (found) return found;
  const detail = 'There is no dispense with this id, or it has not reached the read model yet.';
  throw rejectionProblem({ kind: 'not-found', code: 'dispense/not-found', detail });
}

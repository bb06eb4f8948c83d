import * as z from 'zod';
import { etag, isNotModified, wantsFresh } from '../../../http/conditions.ts';
import type { Cursors } from '../../../http/cursor.ts';
import { pageOf, pageQuery, positionOf } from '../../../http/pagination.ts';
import { aggregateIdSchema, instantSchema, versionSchema } from '../../../http/parameters.ts';
import { problem, rejectionProblem } from '../../../http/problem.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import {
  type EventLog,
  type PointInTime,
  type ReadModel,
  rowNow,
  rowThen,
  streamName,
  type VersionedRow,
  withLinesAhead,
} from '../../../kernel/index.ts';
import { type AccountRow, type Entry, ledgerProjection } from '../read-model/projection.ts';
import { accountSchema, accountView, entrySchema, entryView } from './answers.ts';

export interface QueryDependencies {
  readonly log: EventLog;
  readonly readModel: ReadModel<AccountRow, Entry>;
  readonly cursors: Cursors;
}

const shared = {
  method: 'GET',
  tags: ['ledger'],
  params: z.object({ id: aggregateIdSchema }),
  problems: { 404: 'There is no account with this id.' },
} as const;

const accountQuery = z.object({
  version: versionSchema.optional(),
  at: instantSchema.optional(),
});

export function ledgerQueryRoutes(dependencies: QueryDependencies): Route[] {
  return [getAccount(dependencies), listEntries(dependencies), listAccounts(dependencies)];
}

function getAccount(dependencies: QueryDependencies): Route {
  return defineRoute({
    ...shared,
    path: '/ledger/{id}',
    operationId: 'getAccount',
    summary: 'An account, now or in the past',
    description:
      'Eventually consistent; `Cache-Control: no-cache` answers with everything that is committed. ' +
      '`version` or `at` answers the past, read from the log.',
    query: accountQuery,
    answers: {
      200: { description: 'The account.', schema: accountSchema, headers: { etag: 'Its version.' } },
      304: { description: 'It still has the version named in `If-None-Match`.' },
    },
    handle: async ({ params: { id }, query, headers }) => {
      const past = pointInTime(query);
      const found = past
        ? await accountThen(dependencies, id, past)
        : await rowNow(dependencies, ledgerProjection, id, wantsFresh(headers));
      if (!found) throw notFound(past ? 'The account did not exist then, or has not got so far.' : undefined);
      const tag = { etag: etag(found.version) };
      if (isNotModified(headers, found.version)) return { status: 304 as const, headers: tag };
      return { status: 200 as const, headers: tag, body: accountView(found.row, found.version) };
    },
  });
}

function listEntries({ log, readModel, cursors }: QueryDependencies): Route {
  return defineRoute({
    ...shared,
    path: '/ledger/{id}/entries',
    operationId: 'listEntries',
    summary: 'The statement of an account, newest first',
    query: z.object(pageQuery),
    answers: { 200: { description: 'A page of entries.', schema: pageOf(entrySchema) } },
    handle: async ({ params: { id }, query: { limit, cursor }, headers }) => {
      const scope = `/ledger/${id}/entries`;
      const after = positionOf(cursors, scope, cursor);
      const isFresh = wantsFresh(headers);
      const account = await rowNow({ log, readModel }, ledgerProjection, id, isFresh);
      if (!account) throw notFound();
      const range = { after, order: 'descending', limit, consistent: isFresh } as const;
      const { lines, hasMore } = withLinesAhead(account.lines, await readModel.lines(id, range), range);
      const items = lines.map(({ line }) => entryView(line, account.row.currency));
      const last = lines.at(-1);
      const next = hasMore && last ? { next: cursors.encode(scope, last.key) } : {};
      return { status: 200 as const, body: { items, ...next } };
    },
  });
}

function listAccounts({ readModel, cursors }: QueryDependencies): Route {
  const scope = '/ledger';
  return defineRoute({
    ...shared,
    path: '/ledger',
    operationId: 'listAccounts',
    summary: 'All accounts, oldest first',
    params: z.object({}),
    problems: {},
    query: z.object(pageQuery),
    answers: { 200: { description: 'A page of accounts.', schema: pageOf(accountSchema) } },
    handle: async ({ query: { limit, cursor } }) => {
      const after = positionOf(cursors, scope, cursor);
      const { rows, next } = await readModel.list('byOpening', { after, limit });
      return {
        status: 200 as const,
        body: {
          items: rows.map(({ row, version }) => accountView(row, version)),
          ...(next && { next: cursors.encode(scope, next) }),
        },
      };
    },
  });
}

async function accountThen(
  { log }: Pick<QueryDependencies, 'log'>,
  id: string,
  then: PointInTime,
): Promise<VersionedRow<AccountRow> | undefined> {
  const { state, version } = await rowThen(log, ledgerProjection, streamName('ledger', id), then);
  if (state === undefined || ('version' in then && version < then.version)) return undefined;
  return { row: state, version };
}

/** Which past a query asks for; undefined for the present. Throws a problem where it names two. */
function pointInTime({ version, at }: z.output<typeof accountQuery>): PointInTime | undefined {
  if (version !== undefined && at !== undefined) {
    throw problem('invalid-query', 'Ask for a version or for an instant, not for both.');
  }
  if (version !== undefined) return { version };
  return at === undefined ? undefined : { at };
}

function notFound(detail = 'There is no account with this id, or it has not reached the read model yet.') {
  return rejectionProblem({ kind: 'not-found', code: 'ledger/not-found', detail });
}

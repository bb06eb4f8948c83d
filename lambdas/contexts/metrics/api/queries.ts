import * as z from 'zod';
import { etag, isNotModified, wantsFresh } from '../../../http/conditions.ts';
import type { Cursors } from '../../../http/cursor.ts';
import { pageOf, pageQuery, positionOf } from '../../../http/pagination.ts';
import { aggregateIdSchema, instantSchema } from '../../../http/parameters.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import {
  type EventLog,
  type KeyRange,
  keysWithPrefix,
  type ListedRow,
  type ReadModel,
  rowNow,
} from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';
import { metricStatuses, statusOf } from '../domain/status.ts';
import { type MetricRow, metricsProjection, nameKey } from '../read-model/projection.ts';
import { metricSchema, metricView } from './answers.ts';

export interface QueryDependencies {
  readonly log: EventLog;
  readonly readModel: ReadModel<MetricRow, Measurement>;
  readonly cursors: Cursors;
}

/** Rows that one page may look at: a rare status is found in several requests rather than in one without end. */
const scannedMaxRows = 1_000;
const scanPageRows = 100;

const listQuery = z.object({
  ...pageQuery,
  status: z.enum(metricStatuses).optional(),
  name: z
    .string()
    .normalize('NFC')
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'What the name begins with, in any case.' }),
  deadlineBefore: instantSchema
    .optional()
    .meta({ description: 'Only metrics whose deadline lies before it.' }),
  sort: z.enum(['name', 'deadline']).default('name'),
});

type ListQuery = z.output<typeof listQuery>;

export function metricQueryRoutes(dependencies: QueryDependencies): Route[] {
  return [getMetric(dependencies), listMetrics(dependencies)];
}

function getMetric(dependencies: QueryDependencies): Route {
  return defineRoute({
    method: 'GET',
    tags: ['metrics'],
    path: '/metrics/{id}',
    operationId: 'getMetric',
    summary: 'A metric: current value, target, deadline, progress and status',
    description:
      'Eventually consistent; `Cache-Control: no-cache` answers with everything that is committed.',
    params: z.object({ id: aggregateIdSchema }),
    answers: {
      200: { description: 'The metric.', schema: metricSchema, headers: { etag: 'Its version.' } },
      304: { description: 'It still has the version named in `If-None-Match`.' },
    },
    problems: { 404: 'There is no metric with this id.' },
    handle: async ({ params: { id }, headers, context: { now } }) => {
      const found = await rowNow(dependencies, metricsProjection, id, wantsFresh(headers));
      if (!found) throw metricNotFound();
      const view = metricView(found.row, found.version, now);
      // An expiry that time alone brings changes the answer, and not the version.
      const tag = { etag: etag(found.version) };
      if (isNotModified(headers, found.version) && view.status === statusOf(found.row.metric, '')) {
        return { status: 304 as const, headers: tag };
      }
      return { status: 200 as const, headers: tag, body: view };
    },
  });
}

function listMetrics({ readModel, cursors }: QueryDependencies): Route {
  return defineRoute({
    method: 'GET',
    tags: ['metrics'],
    path: '/metrics',
    operationId: 'listMetrics',
    summary: 'Metrics by name or by deadline, those without a deadline last',
    description:
      'A page may hold fewer metrics than asked for, even none, and still have a next one: filters skip many.',
    query: listQuery,
    answers: { 200: { description: 'A page of metrics.', schema: pageOf(metricSchema) } },
    handle: async ({ query, context: { now } }) => {
      const scope = `/metrics?${JSON.stringify([query.status, query.name, query.deadlineBefore, query.sort])}`;
      const after = positionOf(cursors, scope, query.cursor);
      const { found, next } = await findMetrics(readModel, query, after, now);
      const items = found.map(({ row, version }) => metricView(row, version, now));
      return { status: 200 as const, body: { items, ...(next && { next: cursors.encode(scope, next) }) } };
    },
  });
}

/** Reads on in the list until the page is full, the list ends, or enough rows have been looked at. */
async function findMetrics(
  readModel: QueryDependencies['readModel'],
  query: ListQuery,
  cursor: string | undefined,
  now: string,
): Promise<{ found: ListedRow<MetricRow>[]; next?: string }> {
  const [list, range] = listRange(query);
  const found: ListedRow<MetricRow>[] = [];
  let after = cursor;
  for (let scanned = 0; scanned < scannedMaxRows; scanned += scanPageRows) {
    const page = await readModel.list(list, { ...range, after, limit: scanPageRows });
    for (const listed of page.rows) {
      if (!matches(listed.row, query, now)) continue;
      if (found.length === query.limit) return { found, next: found.at(-1)?.listKey ?? listed.listKey };
      found.push(listed);
    }
    if (page.next === undefined) return { found };
    after = page.next;
  }
  return { found, ...(after !== undefined && { next: after }) };
}

/** Which list the query reads, and which part of it. */
function listRange({
  sort,
  name,
  deadlineBefore,
}: ListQuery): [list: string, range: Omit<KeyRange, 'limit'>] {
  if (sort === 'deadline') return ['byDeadline', deadlineBefore === undefined ? {} : { to: deadlineBefore }];
  return ['byName', name === undefined ? {} : keysWithPrefix(nameKey(name))];
}

function matches({ name, metric }: MetricRow, query: ListQuery, now: string): boolean {
  const { status, deadlineBefore } = query;
  if (status !== undefined && statusOf(metric, now) !== status) return false;
  if (query.name !== undefined && !nameKey(name).startsWith(nameKey(query.name))) return false;
  return (
    deadlineBefore === undefined || (metric.target !== undefined && metric.target.deadline < deadlineBefore)
  );
}

export function metricNotFound() {
  const detail = 'There is no metric with this id, or it has not reached the read model yet.';
  return rejectionProblem({ kind: 'not-found', code: 'metrics/not-found', detail });
}

import * as z from 'zod';
import { pageBody } from '../../../http/page-route.ts';
import { pageOf, pageQuery, positionOf } from '../../../http/pagination.ts';
import { instantSchema } from '../../../http/parameters.ts';
import { problem } from '../../../http/problem.ts';
import { nextKey, readLines } from '../../../http/query-routes.ts';
import { idParams, notFoundProblem, readsOf, scopesOf } from '../../../http/resource.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import { type KeyedLine, type LineRange, type LinesPage, lastKey } from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';
import { measurementSchema, metricsResource } from './answers.ts';
import type { MetricReadSide } from './queries.ts';
import { thin } from './thin.ts';

/** Maximum number of values of one page. */
const pageMaxValues = 1_000;
const defaultPageValues = 100;
/** Maximum number of values that one answer with `points` reads. */
const thinnedMaxValues = 200_000;
/** Fewer points show no shape. */
const plotMinPoints = 10;
const plotMaxPoints = 2_000;

const wholeNumber = (min: number, max: number) => {
  const error = `Expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,6}$/, { error })
    .transform(Number)
    .pipe(z.int().min(min, { error }).max(max, { error }));
};

const historyQuery = z.object({
  from: instantSchema.optional().meta({ description: 'The first instant of the range.' }),
  to: instantSchema.optional().meta({ description: 'The last instant of the range.' }),
  limit: wholeNumber(1, pageMaxValues).default(defaultPageValues),
  cursor: pageQuery.cursor,
  points: wholeNumber(plotMinPoints, plotMaxPoints).optional().meta({
    description:
      'For a plot: the maximum number of values. They keep the shape of the series (largest triangle three buckets).',
  }),
});

type HistoryQuery = z.output<typeof historyQuery>;

/** `GET /metrics/{id}/history`: the values in the order of measurement, in pages or thinned. */
export function historyRoute(side: MetricReadSide): Route {
  const path = `${metricsResource.path}/{id}/history` as const;
  return defineRoute({
    method: 'GET',
    tags: [metricsResource.category],
    access: scopesOf(metricsResource.category).read,
    reads: readsOf(metricsResource, path),
    path,
    operationId: 'readHistory',
    summary: 'The series of values between two instants',
    params: idParams,
    query: historyQuery,
    answers: {
      200: { description: 'Values in the order of measurement.', schema: pageOf(measurementSchema) },
    },
    problems: notFoundProblem(metricsResource),
    handle: async ({ params: { id }, query, headers }) => {
      const { from, to, limit, cursor, points } = query;
      if (from !== undefined && to !== undefined && from > to)
        throw problem('invalid-query', '"from" is later than "to".');
      const history = await readLines(metricsResource, side, id, headers);
      const read: ReadPage = (page) =>
        history.read({ from, to: to && to + lastKey, order: 'ascending', ...page });
      if (points !== undefined) {
        return { status: 200 as const, body: { items: await thinned(read, query, points) } };
      }
      const scope = `/metrics/${id}/history?${JSON.stringify([from, to])}`;
      const page = await read({ after: positionOf(side.cursors, scope, cursor), limit });
      const items = page.lines.map(({ line }) => line);
      return { status: 200 as const, body: pageBody(side.cursors, scope, { items, next: nextKey(page) }) };
    },
  });
}

type ReadPage = (page: Pick<LineRange, 'after' | 'limit'>) => Promise<LinesPage<Measurement>>;

/** Reads the whole range and thins it to `points` values. Throws `invalid-query` if the range has too many values. */
async function thinned(read: ReadPage, { cursor }: HistoryQuery, points: number) {
  if (cursor !== undefined) throw problem('invalid-query', '`points` cannot be combined with `cursor`.');
  const values: Measurement[] = [];
  let last: KeyedLine<Measurement> | undefined;
  for (;;) {
    const { lines, hasMore } = await read({ after: last?.key, limit: pageMaxValues });
    values.push(...lines.map(({ line }) => line));
    last = lines.at(-1);
    if (!hasMore || last === undefined) return thin(values, points);
    if (values.length >= thinnedMaxValues) {
      const detail = `The range has more than ${thinnedMaxValues} values. Narrow it with "from" and "to".`;
      throw problem('invalid-query', detail);
    }
  }
}

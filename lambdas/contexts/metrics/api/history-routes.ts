import { createLTTB } from 'downsample';
import * as z from 'zod';
import { wantsFresh } from '../../../http/conditions.ts';
import { pageOf, pageQuery, positionOf } from '../../../http/pagination.ts';
import { aggregateIdSchema, instantSchema } from '../../../http/parameters.ts';
import { problem } from '../../../http/problem.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import {
  type KeyedLine,
  type LineRange,
  type LinesPage,
  lastKey,
  rowNow,
  withLinesAhead,
} from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';
import { metricsProjection } from '../read-model/projection.ts';
import { measurementSchema } from './answers.ts';
import { metricNotFound, type QueryDependencies } from './queries.ts';

/** Values that one page holds, and that one plot may be thinned from. */
const pageMaxValues = 1_000;
const defaultPageValues = 100;
const thinnedMaxValues = 200_000;
/** Fewer than this would show no shape, and the library takes a bucket's values as arguments: that many fit no call. */
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
  from: instantSchema.optional().meta({ description: 'The first instant wanted.' }),
  to: instantSchema.optional().meta({ description: 'The last instant wanted.' }),
  limit: wholeNumber(1, pageMaxValues).default(defaultPageValues),
  cursor: pageQuery.cursor,
  points: wholeNumber(plotMinPoints, plotMaxPoints).optional().meta({
    description:
      'Thins the series for a plot to so many values that keep its shape (largest triangle three buckets), in one answer.',
  }),
});

type HistoryQuery = z.output<typeof historyQuery>;

/** `GET /metrics/{id}/history`: the series of values in the order they were measured, in pages or thinned. */
export function historyRoute({ log, readModel, cursors }: QueryDependencies): Route {
  return defineRoute({
    method: 'GET',
    tags: ['metrics'],
    path: '/metrics/{id}/history',
    operationId: 'readHistory',
    summary: 'The series of values between two instants',
    params: z.object({ id: aggregateIdSchema }),
    query: historyQuery,
    answers: {
      200: { description: 'Values in the order they were measured.', schema: pageOf(measurementSchema) },
    },
    problems: { 404: 'There is no metric with this id.' },
    handle: async ({ params: { id }, query, headers }) => {
      if (query.from !== undefined && query.to !== undefined && query.from > query.to) {
        throw problem('invalid-query', 'The instant "from" lies behind the instant "to".');
      }
      const isFresh = wantsFresh(headers);
      const metric = await rowNow({ log, readModel }, metricsProjection, id, isFresh);
      if (metric === undefined) throw metricNotFound();
      const read: ReadPage = async (page) => {
        const range: LineRange = {
          from: query.from,
          to: query.to && query.to + lastKey,
          order: 'ascending',
          consistent: isFresh,
          ...page,
        };
        return withLinesAhead(metric.lines, await readModel.lines(id, range), range);
      };
      if (query.points !== undefined) {
        return { status: 200 as const, body: { items: await thinned(read, query, query.points) } };
      }
      const scope = `/metrics/${id}/history?${JSON.stringify([query.from, query.to])}`;
      const after = positionOf(cursors, scope, query.cursor);
      const { lines, hasMore } = await read({ after, limit: query.limit });
      const last = lines.at(-1);
      const next = hasMore && last ? { next: cursors.encode(scope, last.key) } : {};
      return { status: 200 as const, body: { items: lines.map(({ line }) => line), ...next } };
    },
  });
}

type ReadPage = (page: Pick<LineRange, 'after' | 'limit'>) => Promise<LinesPage<Measurement>>;

/** Reads the whole range and keeps the values that show its shape. Throws a problem where the range is too long. */
async function thinned(read: ReadPage, query: HistoryQuery, points: number): Promise<readonly Measurement[]> {
  if (query.cursor !== undefined)
    throw problem('invalid-query', 'Thinned to points, a history has no pages and no cursor.');
  const values: Measurement[] = [];
  let last: KeyedLine<Measurement> | undefined;
  for (;;) {
    const { lines, hasMore } = await read({ after: last?.key, limit: pageMaxValues });
    values.push(...lines.map(({ line }) => line));
    last = lines.at(-1);
    if (!hasMore || last === undefined) break;
    if (values.length >= thinnedMaxValues) {
      throw problem(
        'invalid-query',
        `There are more than ${thinnedMaxValues} values in this range: narrow it with from and to.`,
      );
    }
  }
  return thin(values, points);
}

/** At most so many of the values, exactly so many where there are more; the first and the last always. */
function thin(values: readonly Measurement[], points: number): readonly Measurement[] {
  if (values.length <= points) return values;
  // Areas of the largest doubles would be infinite. Scaled alike, all areas compare as before.
  const largest = values.reduce((max, { value }) => Math.max(max, Math.abs(value)), Number.MIN_VALUE);
  const select = createLTTB<Measurement>({
    x: ({ at }) => Date.parse(at),
    y: ({ value }) => value / largest,
  });
  const selected = Array.from(select([...values], points));
  // Where its buckets do not come out even, the library ends with the last value but one.
  return [...selected.slice(0, -1), ...values.slice(-1)];
}

import * as z from 'zod';
import { pageBody } from '../../../http/page-body.ts';
import { pageOf, pageQuery, positionOf } from '../../../http/pagination.ts';
import { instantSchema } from '../../../http/parameters.ts';
import { problem } from '../../../http/problem.ts';
import { nextKey, readLines } from '../../../http/query-routes.ts';
import { idParams, notFoundProblem, readsOf, scopesOf } from '../../../http/resource.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import { isWithin, type KeyBounds, type KeyedLine, lastKey } from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';
import type { MetricRow } from '../read-model/projection.ts';
import { measurementSchema, metricsResource } from './answers.ts';
import type { MetricReadSide } from './queries.ts';
import { readSeries } from './read-series.ts';
import { thin } from './thin.ts';

/** Maximum number of values of one page. */
const pageMaxValues = 1_000;
const defaultPageValues = 100;
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
  points: wholeNumber(plotMinPoints, plotMaxPoints)
    .optional()
    .meta({
      description:
        'For a plot: the maximum number of values. Of up to 50,000 values in the range, those are chosen that keep the shape of ' +
        'the series (largest triangle three buckets). If there are more, the same is done with samples, and the answer has ' +
        '`sampled`: the time from the first to the last value is divided into equal spans (64; those with more than 16 values ' +
        'again, up to 1,024 in all, twice), and the first 16 values of each span are read. The first and the last value are ' +
        'always included. A value between samples is missing, even if it is the largest.',
    }),
});

const historySchema = pageOf(measurementSchema).extend({
  sampled: z.literal(true).optional().meta({
    description:
      'Only with `points`: the range has too many values to read all of them. These are of samples.',
  }),
});

type Bounds = Pick<KeyBounds, 'from' | 'to'>;
type History = Awaited<ReturnType<typeof readLines<MetricRow, Measurement>>>;

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
      200: { description: 'Values in the order of measurement.', schema: historySchema },
    },
    problems: notFoundProblem(metricsResource),
    handle: async ({ params: { id }, query, headers }) => {
      const { from, to, limit, cursor, points } = query;
      if (from !== undefined && to !== undefined && from > to)
        throw problem('invalid-query', '"from" is later than "to".');
      if (points !== undefined && cursor !== undefined)
        throw problem('invalid-query', '`points` cannot be combined with `cursor`.');
      const history = await readLines(metricsResource, side, id, headers);
      const bounds = { from, to: to && to + lastKey };
      if (points !== undefined) return { status: 200 as const, body: await thinned(history, bounds, points) };
      const scope = `/metrics/${id}/history?${JSON.stringify([from, to])}`;
      const after = positionOf(side.cursors, scope, cursor);
      const page = await history.read({ ...bounds, after, limit, order: 'ascending' });
      const items = page.lines.map(({ key, line }) => ({ item: line, place: key }));
      return { status: 200 as const, body: pageBody(side.cursors, scope, { items, next: nextKey(page) }) };
    },
  });
}

/** The values of a range, thinned to `points`. Values that the projector has not written yet are all included. */
async function thinned({ readStored, unprojected }: History, bounds: Bounds, points: number) {
  const stored = await readSeries(readStored, bounds);
  const missing = unprojected.filter(({ key }) => isWithin(key, bounds));
  const items = thin(
    merged(stored.lines, missing).map(({ line }) => line),
    points,
  );
  return { items, ...(stored.isSampled && { sampled: true as const }) };
}

/** All lines, each once, in the order of their keys, which are ASCII. */
function merged(stored: readonly KeyedLine<Measurement>[], missing: readonly KeyedLine<Measurement>[]) {
  if (missing.length === 0) return stored;
  const byKey = new Map([...stored, ...missing].map((line) => [line.key, line]));
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

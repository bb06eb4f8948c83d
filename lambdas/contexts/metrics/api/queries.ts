import * as z from 'zod';
import type { ListOf } from '../../../../schema/contexts.ts';
import { instantSchema } from '../../../http/parameters.ts';
import { queryRoutes } from '../../../http/query-routes.ts';
import type { ReadSide } from '../../../http/resource.ts';
import type { Route } from '../../../http/route.ts';
import type { Measurement } from '../domain/metric.ts';
import { metricStatuses, statusOf } from '../domain/status.ts';
import { foldName, nameKeysFrom } from '../read-model/name-key.ts';
import type { MetricRow } from '../read-model/projection.ts';
import { metricsResource } from './answers.ts';

/** What the queries of metrics need. */
export type MetricReadSide = ReadSide<MetricRow, Measurement, ListOf<'metrics'>>;

const filters = {
  status: z.enum(metricStatuses).optional(),
  // Names of earlier versions may have characters that new names cannot have, so any text is accepted.
  name: z.string().normalize('NFC').min(1).max(200).optional().meta({
    description: 'The beginning of the name. Case and forms of a letter do not matter: `ss` finds `ß`.',
  }),
  deadlineBefore: instantSchema.optional().meta({ description: 'Only metrics with an earlier deadline.' }),
  sort: z.enum(['name', 'deadline']).default('name'),
};

type Filters = z.output<z.ZodObject<typeof filters>>;

/** The routes that read one metric and the list of metrics. */
export function metricQueries(side: MetricReadSide): Route[] {
  const { one, page } = queryRoutes(metricsResource, side);
  return [
    one({
      operationId: 'getMetric',
      summary: 'A metric: current value, target, deadline, progress and status',
      // A passed deadline changes the status, but not the version.
      isSettled: ({ metric }, now) => statusOf(metric, now) === statusOf(metric, ''),
    }),
    page({
      operationId: 'listMetrics',
      summary: 'Metrics by name or by deadline, those without a deadline last',
      description:
        'Filters skip metrics: a page may have fewer than `limit` items, possibly none, although there is a next page.',
      query: filters,
      list: listedPart,
      matches,
    }),
  ];
}

/** The list that the query reads, with bounds that include every match. */
function listedPart({ sort, name, deadlineBefore }: Filters) {
  if (sort === 'deadline') return { list: 'byDeadline' as const, to: deadlineBefore };
  return { list: 'byName' as const, ...(name !== undefined && nameKeysFrom(name)) };
}

function matches({ name, metric }: MetricRow, query: Filters, now: string): boolean {
  const { status, deadlineBefore } = query;
  if (status !== undefined && statusOf(metric, now) !== status) return false;
  if (query.name !== undefined && !foldName(name).startsWith(foldName(query.name))) return false;
  return (
    deadlineBefore === undefined || (metric.target !== undefined && metric.target.deadline < deadlineBefore)
  );
}

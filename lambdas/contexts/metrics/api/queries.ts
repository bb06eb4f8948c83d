import * as z from 'zod';
import type { ListOf } from '../../../../schema/contexts.ts';
import { instantSchema } from '../../../http/parameters.ts';
import { queryRoutes } from '../../../http/query-routes.ts';
import type { ReadSide } from '../../../http/resource.ts';
import type { Route } from '../../../http/route.ts';
import type { Bookmarks } from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';
import { metricStatuses, statusOf } from '../domain/status.ts';
import { filingState } from '../read-model/filing.ts';
import { foldName } from '../read-model/name-key.ts';
import type { MetricRow } from '../read-model/projection.ts';
import { metricsResource } from './answers.ts';
import { findMetrics } from './find-metrics.ts';

/** What the queries of metrics need. */
export interface MetricReadSide extends ReadSide<MetricRow, Measurement, ListOf<'metrics'>> {
  readonly bookmarks: Pick<Bookmarks, 'place'>;
}

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
  const isFiled = filingState(side.bookmarks);
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
        'A page reads at most about 3,000 metrics. `status`, alone or with the filter of the sort order (`name`, or ' +
        '`deadlineBefore`), reads only matches; `active` and `expired` with `sort=name`, and the filter of the other order, do so ' +
        'while at most 1,000 metrics have such a deadline or name. Otherwise metrics are skipped: a page may have fewer than ' +
        '`limit` items, possibly none, although there is a next page.',
      query: filters,
      list: 'byName',
      entries: async (query, now) => {
        const isByStatus = query.status !== undefined && (await isFiled());
        return findMetrics(side.readModel, query, now, isByStatus);
      },
      matches,
    }),
  ];
}

function matches({ name, metric }: MetricRow, query: Filters, now: string): boolean {
  const { status, deadlineBefore } = query;
  if (status !== undefined && statusOf(metric, now) !== status) return false;
  if (query.name !== undefined && !foldName(name).startsWith(foldName(query.name))) return false;
  return (
    deadlineBefore === undefined || (metric.target !== undefined && metric.target.deadline < deadlineBefore)
  );
}

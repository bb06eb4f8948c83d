import type { Route } from '../../../http/route.ts';
import { type MetricCommandSide, metricCommands } from './commands.ts';
import { historyRoute } from './history.ts';
import { type MetricReadSide, metricQueries } from './queries.ts';

/** The routes of metrics. */
export function metricRoutes(side: MetricCommandSide & MetricReadSide): Route[] {
  return [...metricCommands(side), ...metricQueries(side), historyRoute(side)];
}

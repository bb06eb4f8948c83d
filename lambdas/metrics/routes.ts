import type { Route } from '../http/route.ts';
import { type CommandDependencies, metricCommandRoutes } from './command-routes.ts';
import { historyRoute } from './history-routes.ts';
import { metricQueryRoutes, type QueryDependencies } from './query-routes.ts';

/** The routes of metrics. */
export function metricRoutes(dependencies: CommandDependencies & QueryDependencies): Route[] {
  return [
    ...metricCommandRoutes(dependencies),
    ...metricQueryRoutes(dependencies),
    historyRoute(dependencies),
  ];
}

import type { Route } from '../../../http/route.ts';
import { type CommandDependencies, metricCommandRoutes } from './commands.ts';
import { historyRoute } from './history-routes.ts';
import { metricQueryRoutes, type QueryDependencies } from './queries.ts';

/** The routes of metrics. */
export function metricRoutes(dependencies: CommandDependencies & QueryDependencies): Route[] {
  return [
    ...metricCommandRoutes(dependencies),
    ...metricQueryRoutes(dependencies),
    historyRoute(dependencies),
  ];
}

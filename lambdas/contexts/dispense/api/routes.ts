import type { Route } from '../../../http/route.ts';
import { dispenseCommandRoutes } from './commands.ts';
import { type PrescriptionDependencies, prescriptionRoutes } from './prescription-routes.ts';
import { dispenseQueryRoutes, type QueryDependencies } from './queries.ts';

/** The routes of dispenses. */
export function dispenseRoutes(dependencies: PrescriptionDependencies & QueryDependencies): Route[] {
  return [
    ...dispenseCommandRoutes(dependencies),
    ...prescriptionRoutes(dependencies),
    ...dispenseQueryRoutes(dependencies),
  ];
}

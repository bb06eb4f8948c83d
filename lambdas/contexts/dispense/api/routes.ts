import type { Route } from '../../../http/route.ts';
import { type DispenseCommandSide, dispenseCommands } from './commands.ts';
import { type PrescriptionSide, prescriptionRoutes } from './prescription.ts';
import { type DispenseReadSide, dispenseQueries } from './queries.ts';

/** The routes of dispenses. */
export function dispenseRoutes(side: DispenseCommandSide & PrescriptionSide & DispenseReadSide): Route[] {
  return [...dispenseCommands(side), ...prescriptionRoutes(side), ...dispenseQueries(side)];
}

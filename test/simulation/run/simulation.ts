import { makePlan } from './make-plan.ts';
import type { Simulation } from './outcome.ts';
import { runPlan } from './run-plan.ts';

/** The histories that the command line runs. */
export const simulation: Simulation = { makePlan, runPlan };

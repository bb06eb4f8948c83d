import type { Finding } from '../history.ts';
import { countActs } from './coverage.ts';
import { judged } from './judged.ts';
import type { OutcomeCounts, Simulation } from './outcome.ts';

/** What became of one seed. It can be sent between threads. */
export interface SeedResult {
  readonly seed: number;
  readonly findings: readonly Finding[];
  readonly struck: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
  readonly counts: OutcomeCounts;
}

/** Runs one seed without its trace. */
export async function runSeed(simulation: Simulation, seed: number): Promise<SeedResult> {
  const plan = simulation.makePlan(seed);
  const { findings, struck, counts } = await judged(simulation, plan, { isTraced: false });
  return { seed, findings, struck: Object.fromEntries(struck), acts: countActs(plan.acts), counts };
}

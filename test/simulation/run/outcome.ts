import type { Finding } from '../history.ts';
import type { Plan } from '../plan.ts';
import type { FaultKind } from '../world/faults.ts';

/** What a history was about, in numbers. */
export interface OutcomeCounts {
  /** Commands that people and automations sent, without their retries. */
  readonly commands: number;
  readonly commits: number;
  readonly events: number;
  /** Simulated time until everything had drained, in ms. */
  readonly simulatedMs: number;
}

/** What became of a plan. */
export interface Outcome {
  /** Differences, in the order in which the checks run. Empty: everything is right. */
  readonly findings: readonly Finding[];
  /** Whether everything drained after the faults had ended. */
  readonly isDrained: boolean;
  /** What did not drain, in words. */
  readonly waiting?: string | undefined;
  /** Line by line; empty if nobody asked for it. */
  readonly trace: readonly string[];
  /** How often each kind of fault has changed what happened. */
  readonly struck: ReadonlyMap<FaultKind, number>;
  readonly counts: OutcomeCounts;
}

/** How a plan is run. */
export interface RunOptions {
  /** False if nobody reads the trace: the run is faster. */
  readonly isTraced: boolean;
}

/** What the command line runs: one way to make plans, and one to carry them out. */
export interface Simulation {
  /** The same seed gives the same plan. */
  makePlan(seed: number): Plan;
  /** The same plan gives the same outcome. */
  runPlan(plan: Plan, options: RunOptions): Promise<Outcome>;
}

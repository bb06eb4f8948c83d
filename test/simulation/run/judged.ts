import type { Finding } from '../history.ts';
import type { Plan } from '../plan.ts';
import type { Outcome, RunOptions, Simulation } from './outcome.ts';

/** Names of the differences that are found here, and not by a check of the history. */
export const [drainCheck, errorCheck, endCheck] = [
  'everything drains once the faults are over',
  'no error leaves the simulation',
  'a history ends',
] as const;

/** The counts of a history that has not ended. */
export const noCounts: Outcome['counts'] = { commands: 0, commits: 0, events: 0, simulatedMs: 0 };

/** Runs a plan. What does not drain, and an error that leaves the simulation, are findings too. Never throws. */
export async function judged(
  simulation: Pick<Simulation, 'runPlan'>,
  plan: Plan,
  options: RunOptions,
): Promise<Outcome> {
  try {
    const outcome = await simulation.runPlan(plan, options);
    return outcome.isDrained ? outcome : { ...outcome, findings: [...outcome.findings, waitingOf(outcome)] };
  } catch (error) {
    return {
      findings: [{ check: errorCheck, text: textOf(error) }],
      isDrained: false,
      trace: [],
      struck: new Map(),
      counts: noCounts,
    };
  }
}

function waitingOf({ waiting = 'nobody says what' }: Outcome): Finding {
  return { check: drainCheck, text: `This still waits: ${waiting}.` };
}

/** The error with the place where it comes from, without the folder of this machine. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\n\s+at .*?((?:test|lambdas|schema|tools)\/[\w./-]+:\d+)/.exec(error.stack ?? '')?.[1];
  return `${error.name}: ${error.message}${place === undefined ? '' : ` (${place})`}`;
}

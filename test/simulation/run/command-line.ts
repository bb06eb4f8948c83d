import { callerPath } from '../../../tools/host/caller-folder.ts';
import type { Plan } from '../plan.ts';
import { parseSimulateArguments, type SimulateArguments, seedOfText, usage } from './args.ts';
import { currentCommit } from './commit.ts';
import { endCheck, judged, noCounts } from './judged.ts';
import type { Simulation } from './outcome.ts';
import { readPlan, writePlan } from './plan-file.ts';
import { type Failure, findingLines, type ManyReport, manyLines } from './report.ts';
import { runMany } from './run-many.ts';
import type { SeedResult } from './seed-result.ts';
import { shrink } from './shrink.ts';
import type { Totals } from './totals.ts';
import { optionsText } from './words.ts';

/** Exit codes besides 0. 128 + 2, the number of SIGINT, is what a shell expects. */
const [differenceCode, stoppedCode] = [1, 130];

/** What the command line needs from its process. */
export interface CommandLineContext {
  /** URL of a module that exports `simulation`. */
  readonly module: string;
  readonly print: (line: string) => void;
  /** Aborted when the user stops the process: the histories under way end, and the report follows. */
  readonly signal: AbortSignal;
  /** Where shrunk plans are written. Default: `.cache/simulation`. */
  readonly folder?: string;
}

/** Runs the command line, and returns the exit code. Throws a `UserError` for a mistake in it. */
export async function runCommandLine(args: readonly string[], context: CommandLineContext): Promise<number> {
  const chosen = parseSimulateArguments(args);
  if (chosen.command === 'help') {
    context.print(usage);
    return 0;
  }
  if (chosen.command === 'many') return runSeeds(chosen, context);
  const simulation = await load(context);
  const plan =
    chosen.command === 'seed' ? simulation.makePlan(chosen.seed) : readPlan(callerPath(chosen.file));
  return showHistory(simulation, plan, chosen.json, context.print);
}

async function load({ module }: CommandLineContext): Promise<Simulation> {
  return ((await import(module)) as { readonly simulation: Simulation }).simulation;
}

/** Carries out one plan, and prints everything that happened. The text depends on nothing but the plan and the code. */
async function showHistory(
  simulation: Simulation,
  plan: Plan,
  json: boolean,
  print: CommandLineContext['print'],
): Promise<number> {
  const { findings, trace, counts, struck, isDrained } = await judged(simulation, plan, { isTraced: true });
  if (json) {
    print(
      JSON.stringify({
        ...{ seed: plan.seed, options: plan.options, findings, isDrained },
        ...{ counts, struck: Object.fromEntries(struck), trace },
      }),
    );
  } else {
    print(`Seed ${plan.seed}: ${optionsText(plan.options)}.`);
    for (const line of trace) print(line);
    const { commands, commits, events } = counts;
    print(`${commands} commands, ${commits} commits, ${events} events.`);
    const strikes = [...struck].map(([kind, times]) => `${kind} ${times}`);
    print(`Faults that struck: ${strikes.length === 0 ? 'none' : strikes.join(', ')}.`);
    print(findings.length === 0 ? 'Everything is right.' : 'It is wrong:');
    for (const line of findingLines(findings)) print(line);
  }
  return findings.length === 0 ? 0 : differenceCode;
}

async function runSeeds(
  { seeds, minutes, from: given, workers, shrinks, json }: Extract<SimulateArguments, { command: 'many' }>,
  context: CommandLineContext,
): Promise<number> {
  const { module, print, signal } = context;
  const commit = currentCommit() ?? 'unknown';
  const from = given ?? seedOfText(commit);
  const onProgress = (totals: Totals) => {
    if (!json) print(`${totals.seeds} histories so far, all are right.`);
  };
  const [begunMs, timeIsOver] = [performance.now(), new AbortController()];
  const timer = minutes === undefined ? undefined : setTimeout(() => timeIsOver.abort(), minutes * 60_000);
  try {
    const ends = AbortSignal.any([signal, timeIsOver.signal]);
    const totals = await runMany({ module, from, seeds, workers, signal: ends, onProgress });
    const seconds = (performance.now() - begunMs) / 1_000;
    const failure = totals.failure && (await failureOf(totals.failure, { commit, shrinks }, context));
    const report: ManyReport = {
      ...{ commit, from, seeds: totals.seeds, workers, seconds },
      historiesPerSecond: totals.seeds / seconds,
      historiesPerSecondPerWorker: totals.seeds / seconds / workers,
      ...{ counts: totals.counts, coverage: totals.coverage },
      ...(failure && { failure }),
    };
    if (json) print(jsonOf(report));
    else for (const line of manyLines(report)) print(line);
    if (failure !== undefined) return differenceCode;
    return signal.aborted ? stoppedCode : 0;
  } finally {
    clearTimeout(timer);
  }
}

async function failureOf(
  { seed, findings }: SeedResult,
  { commit, shrinks }: { readonly commit: string; readonly shrinks: boolean },
  context: CommandLineContext,
): Promise<Failure> {
  const simulation = await load(context);
  const whole = simulation.makePlan(seed);
  const check = findings[0]?.check ?? '';
  if (check === endCheck) {
    const outcome = { findings, isDrained: false, trace: [], struck: new Map(), counts: noCounts };
    const file = writePlan(whole, context.folder);
    return { seed, commit, findings, whole, shrunk: whole, outcome, shrinkRuns: 0, file };
  }
  const shrunk = await shrink(simulation, whole, check, shrinks ? undefined : 0);
  const outcome = await judged(simulation, shrunk.plan, { isTraced: true });
  const file = writePlan(shrunk.plan, context.folder);
  return { seed, commit, findings, whole, shrunk: shrunk.plan, outcome, shrinkRuns: shrunk.runs, file };
}

/** The report as JSON. The plans are left out: one is made from the seed, the other is in its file. */
function jsonOf({ failure, ...report }: ManyReport): string {
  if (failure === undefined) return JSON.stringify(report);
  const { seed, findings, shrunk, outcome, shrinkRuns, file } = failure;
  const { findings: shrunkFindings, trace } = outcome;
  const size = { acts: shrunk.acts.length, faults: shrunk.faults.length };
  return JSON.stringify({
    ...report,
    failure: { seed, findings, shrunk: { ...size, findings: shrunkFindings, trace, runs: shrinkRuns, file } },
  });
}

import type { Finding } from '../history.ts';
import type { Plan } from '../plan.ts';
import { secondsText } from '../world/trace.ts';
import { startMs } from '../world/world.ts';
import type { Coverage, Covered } from './coverage.ts';
import type { Outcome, OutcomeCounts } from './outcome.ts';
import { optionsText, planText } from './words.ts';

/** Differences of one check that a report shows at most. */
const findingsMax = 5;

/** Lines of the trace that a report shows at most. All of them are in the replay. */
const traceMaxLines = 150;

/** A seed with a difference, shrunk. */
export interface Failure {
  readonly seed: number;
  readonly commit: string;
  readonly findings: readonly Finding[];
  /** The plan as it was made. */
  readonly whole: Plan;
  /** What is left of it, and what became of that. */
  readonly shrunk: Plan;
  readonly outcome: Outcome;
  readonly shrinkRuns: number;
  /** File of the shrunk plan. */
  readonly file: string;
}

/** A run of many seeds. */
export interface ManyReport {
  readonly commit: string;
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  /** Real time. */
  readonly seconds: number;
  readonly historiesPerSecond: number;
  readonly historiesPerSecondPerWorker: number;
  readonly counts: OutcomeCounts;
  readonly coverage: Coverage;
  readonly failure?: Failure;
}

/** The differences: each check with what it found. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  return [...Map.groupBy(findings, ({ check }) => check)].flatMap(([check, own]) => [
    `  Wrong: ${check}.`,
    ...own.slice(0, findingsMax).map(({ text, atMs }) => `    ${timeText(atMs)}: ${text}`),
    ...(own.length > findingsMax ? [`    ... and ${own.length - findingsMax} more`] : []),
  ]);
}

function timeText(atMs: number | undefined): string {
  return atMs === undefined ? 'at the end' : secondsText(atMs - startMs).trim();
}

/** A difference in words: who did what, what went wrong, what was expected and what was found, and how to see it again. */
export function failureLines(failure: Failure): readonly string[] {
  const { seed, commit, findings, whole, shrunk, outcome, shrinkRuns, file } = failure;
  const { trace } = outcome;
  const omitted = Math.max(0, trace.length - traceMaxLines);
  const size = ({ acts, faults }: Plan) =>
    `${quantity(acts.length, 'act')} and ${quantity(faults.length, 'fault')}`;
  return [
    `Seed ${seed} of commit ${commit} is wrong. Settings: ${optionsText(whole.options)}.`,
    ...findingLines(findings),
    '',
    `Shrunk in ${shrinkRuns} runs from ${size(whole)} to ${size(shrunk)}. Settings: ${optionsText(shrunk.options)}.`,
    ...planText(shrunk),
    '',
    'What is wrong with it:',
    ...findingLines(outcome.findings),
    '',
    `What happened${omitted === 0 ? '' : ` (the last ${traceMaxLines} of ${trace.length} lines)`}:`,
    ...trace.slice(omitted),
    '',
    `The whole history:  npm run simulate -- --seed ${seed}`,
    `The shrunk history: npm run simulate -- --plan ${file}`,
  ];
}

/** What a run of many seeds did and covered. */
export function manyLines(report: ManyReport): readonly string[] {
  const { commit, from, seeds, workers, seconds, counts, coverage, failure } = report;
  const { historiesPerSecond, historiesPerSecondPerWorker } = report;
  const { commands, commits, events, simulatedMs } = counts;
  return [
    ...(failure === undefined ? [] : [...failureLines(failure), '']),
    `${quantity(seeds, 'history', 'histories')} from seed ${from} of commit ${commit}: ${failure === undefined ? 'all are right' : 'the last one is wrong'}.`,
    `${count(commands)} commands, ${count(commits)} commits, ${count(events)} events in ${(simulatedMs / 3_600_000).toFixed(1)} simulated hours.`,
    `${seconds.toFixed(1)} s: ${historiesPerSecond.toFixed(0)} histories per second in ${quantity(workers, 'thread')}, ${historiesPerSecondPerWorker.toFixed(0)} in each.`,
    ...coverageLines('Faults that struck', coverage.faults),
    ...coverageLines('Acts', coverage.acts),
  ];
}

function coverageLines(title: string, kinds: Readonly<Record<string, Covered>>): readonly string[] {
  const width = Math.max(title.length, ...Object.keys(kinds).map((kind) => kind.length + 2));
  return [
    `${title.padEnd(width)}  histories       times`,
    ...Object.entries(kinds).map(
      ([kind, { histories, times }]) =>
        `${`  ${kind}`.padEnd(width)}  ${count(histories).padStart(9)}  ${count(times).padStart(10)}`,
    ),
  ];
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en');
}

function quantity(number: number, unit: string, units = `${unit}s`): string {
  return `${count(number)} ${number === 1 ? unit : units}`;
}

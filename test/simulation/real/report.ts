import { checkHistory } from '../checks/check-history.ts';
import type { CommandAnswer, Finding, RecordedHistory } from '../history.ts';
import { lostAndDoubled } from './lost-and-doubled.ts';
import { isAcknowledged, isOpen, wasNeverCommitted } from './recorder.ts';

/** What a run of the real pipeline found. */
export interface RealReport {
  readonly seed: number;
  readonly restarts: number;
  readonly durationMs: number;
  readonly commands: number;
  readonly attempts: number;
  /** Attempts without an answer that says anything, by the reason. */
  readonly unanswered: Readonly<Record<string, number>>;
  /** Attempts that were answered as carried out by an earlier one. */
  readonly repeated: number;
  readonly acknowledged: number;
  /** Commands that were refused each time. */
  readonly refused: number;
  /** Commands that were never answered. */
  readonly open: number;
  readonly commits: number;
  readonly rows: number;
  readonly reads: number;
  readonly pasts: number;
  /** Commits of acknowledged commands that are not in the log. */
  readonly lost: readonly string[];
  /** Commits that must not be in the log. */
  readonly doubled: readonly string[];
  /** Of all checks. */
  readonly findings: readonly Finding[];
}

/** Judges a history with all checks, and counts. */
export function reportOf(
  history: RecordedHistory,
  run: Pick<RealReport, 'seed' | 'restarts' | 'durationMs'>,
): RealReport {
  const { operations, commits, rows, reads, pasts } = history;
  const attempts = operations.flatMap((operation) => operation.attempts.map(({ answer }) => answer));
  return {
    seed: run.seed,
    restarts: run.restarts,
    durationMs: run.durationMs,
    commands: operations.length,
    attempts: attempts.length,
    unanswered: reasonsOf(attempts),
    repeated: attempts.filter((answer) => answer.outcome === 'changed' && answer.repeated).length,
    acknowledged: operations.filter(isAcknowledged).length,
    refused: operations.filter(wasNeverCommitted).length,
    open: operations.filter(isOpen).length,
    commits: commits.length,
    rows: rows.length,
    reads: reads.length,
    pasts: pasts.length,
    ...lostAndDoubled(history),
    findings: checkHistory(history),
  };
}

function reasonsOf(answers: readonly CommandAnswer[]): Readonly<Record<string, number>> {
  const reasons = answers.flatMap((answer) => (answer.outcome === 'unanswered' ? [answer.reason] : []));
  const counts = [...Map.groupBy(reasons, (reason) => reason)].map(
    ([reason, { length }]) => [reason, length] as const,
  );
  return Object.fromEntries(counts.sort());
}

/** The report as lines for people. */
export function reportLines(report: RealReport): readonly string[] {
  const { lost, doubled, findings, durationMs, ...counts } = report;
  const { seed, restarts, commands, attempts, unanswered, repeated, acknowledged, refused, open } = counts;
  return [
    `Seed ${seed}: ${restarts} restarts in ${Math.round(durationMs / 1_000)} s.`,
    `${commands} commands in ${attempts} attempts: ${acknowledged} acknowledged, ${refused} refused, ${open} never answered.`,
    `${repeated} attempts answered as repeated. Attempts without an answer: ${Object.entries(unanswered)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', ')}.`,
    `${counts.commits} commits and ${counts.rows} rows; ${counts.reads} answers of rows and ${counts.pasts} about the past.`,
    `${lost.length} lost, ${doubled.length} doubled, ${findings.length} findings.`,
    ...lost.map((text) => `lost: ${text}`),
    ...doubled.map((text) => `doubled: ${text}`),
    ...findings.map(({ check, text }) => `${check}: ${text}`),
  ];
}

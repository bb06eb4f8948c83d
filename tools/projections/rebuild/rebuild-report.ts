import type { ReadModelName } from '../../../schema/projections.ts';
import type { Outcome } from '../session.ts';
import { number, type Total } from './parts.ts';

/** What a rebuild has done. */
export interface RebuildReport {
  readonly readModel: ReadModelName;
  readonly generation: string;
  /** The generation that was active before. */
  readonly before: string;
  /** The generation that `undo` returns to. */
  readonly previous?: string;
  readonly resumed: boolean;
  readonly switched: boolean;
  /** Of the whole fold. Absent if an earlier run has ended it, or nobody saw its end. */
  readonly folded?: Total;
  readonly foldSeconds?: number;
  /** Events that this run has folded; fewer than all if it was resumed. */
  readonly eventsOfThisRun?: number;
  readonly compared?: Total;
  /** Duration of this run. */
  readonly seconds: number;
}

const command = (text: string) => `npm run projections -- ${text}`;

/** The outcome of rebuilds. Something was found if streams cannot be folded to their end. */
export function rebuildOutcome(reports: readonly RebuildReport[]): Outcome {
  return {
    code: reports.every(({ compared }) => !compared?.parked) ? 0 : 1,
    lines: reports.flatMap(rebuildLines),
    report: { rebuilt: reports },
  };
}

/** The report of a rebuild, for people. */
export function rebuildLines(report: RebuildReport): string[] {
  const { readModel, generation, before, switched, compared, seconds } = report;
  const parked = compared?.parked ?? 0;
  return [
    `${readModel}: ${generation} is built${switched ? ' and active' : ''}, after ${seconds.toFixed(1)} s.`,
    ...foldLines(report),
    ...(compared ? comparedLines(compared, before, generation) : []),
    ...(parked > 0
      ? [
          `  ${number(parked)} streams cannot be folded to their end. They are parked: docs/runbook.md#redrive-parked-streams`,
        ]
      : []),
    ...nextLines(report),
  ];
}

function foldLines({ folded, foldSeconds = 0, eventsOfThisRun = 0, resumed }: RebuildReport): string[] {
  if (!folded) return resumed ? ['  The log was folded by an earlier run.'] : [];
  const { events, streams, rows, lines } = folded;
  // A state machine does not say how long it folds.
  const rate =
    foldSeconds > 0
      ? ` in ${foldSeconds.toFixed(1)} s (${number(Math.round(eventsOfThisRun / foldSeconds))} events/s)`
      : '';
  const part =
    foldSeconds > 0 && eventsOfThisRun < events
      ? ` This run has folded ${number(eventsOfThisRun)} of the events.`
      : '';
  return [
    `  Folded ${number(events)} events of ${number(streams)} streams${rate}.${part}`,
    `  Wrote ${number(rows)} rows and ${number(lines)} lines.`,
  ];
}

function comparedLines({ rows, caughtUp, differences }: Total, before: string, generation: string): string[] {
  const fields = Object.entries(differences).sort(([a], [b]) => (a < b ? -1 : 1));
  const found = fields.map(([field, count]) => `${field} ${number(count)}`).join(', ');
  return [
    `  Compared ${number(rows)} rows; ${number(caughtUp)} were behind and were caught up.`,
    fields.length === 0
      ? `  No row differs from ${before}.`
      : `  Rows of ${generation} that differ from ${before}, by field: ${found}. A changed projection does that.`,
  ];
}

function nextLines({ readModel, generation, previous, switched, compared }: RebuildReport): string[] {
  if (switched) {
    return [
      `Back to ${previous ?? 'the previous one'}: ${command(`undo ${readModel}`)}`,
      `When all is well, delete it: ${command(`drop ${readModel}`)}`,
    ];
  }
  const why = (compared?.parked ?? 0) > 0 ? ', because streams of it cannot be folded to their end' : '';
  return [
    `${generation} is not active${why}.`,
    `Make it active: ${command(`switch ${readModel}`)}`,
    `Give it up: ${command(`discard ${readModel}`)}`,
  ];
}

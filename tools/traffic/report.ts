import type { CaughtUp } from './catch-up.ts';
import type { Counts, RunCounts } from './counts.ts';

/** Everything that a run found out. */
export interface RunResult {
  readonly counts: RunCounts;
  /** Of waiting and comparing. */
  readonly laterCounts: RunCounts;
  readonly eventCount: number;
  /** From the first request to the last answer of the traffic itself. */
  readonly trafficMs: number;
  readonly caughtUp: CaughtUp;
  /** What was compared, a line per context. */
  readonly holdings: readonly string[];
  readonly differences: readonly string[];
}

/** Sentences printed of each kind. */
const printedMax = 20;

/** Whether every answer was expected and all that was acknowledged is there once. */
export function isClean({ counts, differences, caughtUp }: RunResult): boolean {
  return counts.unexpectedCount === 0 && differences.length === 0 && caughtUp.missing === undefined;
}

/** The figures and the result, as lines for people. */
export function reportLines(result: RunResult): string[] {
  const { counts, laterCounts, eventCount, trafficMs, caughtUp, holdings, differences } = result;
  const seconds = trafficMs / 1_000;
  const [p50, p99, max] = [50, 99, 100].map((percent) => counts.latencyMs(percent).toFixed(1));
  const retried = [counts.retried.toString(), laterCounts.retried.toString()]
    .filter(Boolean)
    .join('; later ');
  const caughtUpAfter = `${(caughtUp.tookMs / 1_000).toFixed(1)} s`;
  const figures: [name: string, value: string][] = [
    [
      'Committed',
      `${whole(eventCount)} events by ${whole(counts.committed)} commands in ${seconds.toFixed(1)} s`,
    ],
    [
      'Throughput',
      `${whole(eventCount / seconds)} events/s, ${whole(counts.statuses.total / seconds)} requests/s`,
    ],
    ['Latency', `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`],
    ['Answers', counts.statuses.toString()],
    ['Refused', withTotal(counts.refused, 'as they must be')],
    ['Repeated', withTotal(counts.repeated, 'same key, same answer')],
    ['Fresh reads', `${counts.freshReads}, each with everything acknowledged before`],
    ['Sent again', retried || 'none'],
    [
      'Read model',
      caughtUp.missing === undefined
        ? `caught up ${caughtUpAfter} after the last answer`
        : `NOT caught up after ${caughtUpAfter}: ${caughtUp.missing}`,
    ],
    ...holdings.map((text, index): [string, string] => [index === 0 ? 'Compared' : '', text]),
  ];
  return [
    ...figures.map(([name, value]) => name.padEnd(13) + value),
    '',
    ...listed('Unexpected answers', counts.unexpected, counts.unexpectedCount),
    ...listed('Differences', differences, differences.length),
    ...(isClean(result) ? ['No difference: every acknowledged command is there, once.'] : []),
  ];
}

function withTotal(counts: Counts, how: string): string {
  return counts.total === 0 ? 'none' : `${whole(counts.total)}, ${how} (${counts})`;
}

function listed(title: string, sentences: readonly string[], count: number): string[] {
  if (count === 0) return [];
  const printed = sentences.slice(0, printedMax);
  const more = count > printed.length ? [`  ... and ${count - printed.length} more`] : [];
  return [`${title}: ${count}`, ...printed.map((sentence) => `  ${sentence}`), ...more];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

import type { CaughtUp } from './catch-up.ts';
import type { Counts, Tally } from './tally.ts';

/** Everything that a whole run found out. */
export interface RunResult {
  readonly tally: Tally;
  readonly eventCount: number;
  /** From the first request to the last answer of the traffic itself. */
  readonly trafficMs: number;
  readonly caughtUp: CaughtUp;
  /** What the books hold, a line per context. */
  readonly holdings: readonly string[];
  readonly differences: readonly string[];
  /** Requests sent again while waiting and comparing. */
  readonly retriedLater: string;
}

/** Differences are printed up to here. */
const printedMax = 20;

/** Whether the run proves what it is for: every answer expected, everything acknowledged there once. */
export function isClean({ tally, differences, caughtUp }: RunResult): boolean {
  return tally.unexpectedCount === 0 && differences.length === 0 && caughtUp.missing === undefined;
}

/** The figures and the result, as lines for people. */
export function reportLines(result: RunResult): string[] {
  const { tally, eventCount, trafficMs, caughtUp, holdings, differences, retriedLater } = result;
  const seconds = trafficMs / 1_000;
  const perSecond = (count: number) => whole(count / seconds);
  return [
    ...figure(
      'Committed',
      `${whole(eventCount)} events by ${whole(tally.committed)} commands in ${seconds.toFixed(1)} s`,
    ),
    ...figure(
      'Throughput',
      `${perSecond(eventCount)} events/s, ${perSecond(tally.latency.count)} requests/s`,
    ),
    ...figure('Latency', latencyOf(tally)),
    ...figure('Answers', tally.statuses.toString()),
    ...figure('Refused', counted(tally.refused, 'as they had to be')),
    ...figure('Repeated', counted(tally.repeated, 'same key, same answer')),
    ...figure('Fresh reads', `${tally.freshReads}, each with everything acknowledged before`),
    ...figure(
      'Sent again',
      [tally.retried.toString(), retriedLater].filter(Boolean).join('; later ') || 'none',
    ),
    ...figure('Read model', readModelOf(caughtUp)),
    ...holdings.flatMap((held, index) => figure(index === 0 ? 'Compared' : '', held)),
    '',
    ...listed('Unexpected answers', tally.unexpected, tally.unexpectedCount),
    ...listed('Differences', differences, differences.length),
    ...(isClean(result) ? ['No difference: every acknowledged command is there, once.'] : []),
  ];
}

function counted(counts: Counts, how: string): string {
  return counts.total === 0 ? 'none' : `${whole(counts.total)}, ${how} (${counts})`;
}

function latencyOf({ latency }: Tally): string {
  const [p50, p99] = [latency.percentileMs(50), latency.percentileMs(99)];
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${latency.maxMs.toFixed(1)} ms`;
}

function readModelOf({ tookMs, missing }: CaughtUp): string {
  const seconds = (tookMs / 1_000).toFixed(1);
  if (missing !== undefined) return `NOT caught up after ${seconds} s: ${missing}`;
  return `caught up ${seconds} s after the last answer`;
}

function figure(name: string, value: string): string[] {
  return [`${name.padEnd(13)}${value}`];
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

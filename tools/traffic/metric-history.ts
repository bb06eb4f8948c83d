import type { BookedCommand, MetricBook, SentValue } from './metric-book.ts';
import type { InstantOf } from './metric-replay.ts';

/** A line of `GET /metrics/{id}/history`. */
export interface HistoryLine {
  readonly value: number;
  readonly at: string;
}

interface Recorded {
  readonly sent: SentValue;
  readonly command: BookedCommand;
}

/**
 * Compares a history, oldest line first, with the books: every value once, at the instant it was sent with or, without
 * one, while it was under way; in the order of instants, those of one instant in the order of their recording.
 * `instantOf` gives the instants that the server chose, once they are compared.
 */
export function compareHistory(
  book: MetricBook,
  lines: readonly HistoryLine[],
): { findings: string[]; instantOf: InstantOf } {
  const recorded = recordedValues(book);
  const shown = new Map<number, number>();
  const findings: string[] = [];
  let before: HistoryLine | undefined;
  for (const line of lines) {
    const what = `the value ${line.value} at ${line.at}`;
    const known = recorded.get(line.value);
    if (!known) findings.push(`${what} is one that no command was acknowledged for`);
    else if (shown.has(line.value)) findings.push(`${what} is there more than once`);
    else findings.push(...instantFindings(known, line).map((finding) => `${what} ${finding}`));
    shown.set(line.value, Date.parse(line.at));
    if (before && !isInOrder(before, line, recorded)) {
      findings.push(`${what} stands behind ${before.value} at ${before.at}`);
    }
    before = line;
  }
  for (const [value, { command }] of recorded) {
    if (!shown.has(value))
      findings.push(`the value ${value}, recorded by version ${command.version}, is missing`);
  }
  return {
    findings,
    instantOf: ({ value, atMs }, { now }) => atMs ?? shown.get(value) ?? now.earliestMs,
  };
}

/** Values by number: no two of a metric are the same. */
function recordedValues(book: MetricBook): Map<number, Recorded> {
  const recorded = new Map<number, Recorded>();
  for (const command of book.commands) {
    if (command.effect.kind !== 'values') continue;
    for (const sent of command.effect.values) recorded.set(sent.value, { sent, command });
  }
  return recorded;
}

function instantFindings({ sent, command: { now } }: Recorded, { at }: HistoryLine): string[] {
  if (sent.atMs !== undefined) {
    const expected = new Date(sent.atMs).toISOString();
    return at === expected ? [] : [`was measured at ${expected}`];
  }
  const atMs = Date.parse(at);
  const isWithin = now.earliestMs <= atMs && atMs <= now.latestMs;
  if (isWithin && new Date(atMs).toISOString() === at) return [];
  return [`was under way from ${instant(now.earliestMs)} to ${instant(now.latestMs)}`];
}

function isInOrder(before: HistoryLine, line: HistoryLine, recorded: ReadonlyMap<number, Recorded>): boolean {
  if (before.at !== line.at) return before.at < line.at;
  const [one, other] = [recorded.get(before.value), recorded.get(line.value)];
  if (!one || !other) return true;
  if (one.command !== other.command) return one.command.version < other.command.version;
  const { effect } = one.command;
  const values = effect.kind === 'values' ? effect.values : [];
  return values.indexOf(one.sent) < values.indexOf(other.sent);
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}

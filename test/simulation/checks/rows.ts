import type { FinalRow } from '../history.ts';
import type { Check, Report } from './check.ts';
import { generationsOf } from './generations.ts';
import { rulesOf } from './model/contexts.ts';
import { newerFields, withoutNewer } from './model/newer.ts';
import type { ExpectedLine } from './model/rules.ts';
import { fieldsThatDiffer, same } from './same.ts';
import { type StreamStory, stateAt } from './stream-story.ts';
import { shown } from './words.ts';

/** In the end every stream has its row in every written generation, and each row and line is what the events say. */
export const rowsCheck: Check = {
  name: 'every row equals the fold of its stream',
  judge: ({ history, streams }, report) => {
    for (const row of history.rows) judgeFolded(row, report);
    const byContext = Map.groupBy([...streams.values()], ({ context }) => context);
    const withRows = history.rows
      .map(({ context }) => context)
      .filter((context) => rulesOf(context) !== undefined);
    for (const context of new Set([...byContext.keys(), ...withRows])) {
      for (const { generation, rows } of generationsOf(history, context, report)) {
        const hasNewer = history.newerCode !== undefined;
        judgeGeneration(`${context} ${generation}`, rows, byContext.get(context) ?? [], hasNewer, report);
      }
    }
  },
};

/** "ledger/acc-1 in g2" */
export function rowWords({ context, id, generation }: FinalRow): string {
  return `${context === 'todo' ? 'todo of ' : `${context}/`}${id} in ${generation}`;
}

/** A fold by the code under test must give the row too. It knows more fields than the rules here. */
export function judgeFolded(row: FinalRow, report: Report): void {
  const words = rowWords(row);
  if (row.version === 0) report(`The row of ${words} is missing.`);
  // Not every history has folds.
  if (row.version === 0 || !('folded' in row)) return;
  const { folded } = row;
  if (folded === undefined) {
    report(`The stream of ${words} cannot be folded.`);
    return;
  }
  // The rules of the TODO list do not see every event, so its row may be at an earlier version.
  if (row.context !== 'todo' && folded.version !== row.version) {
    report(`The row of ${words} is at version ${row.version} instead of ${folded.version}.`);
  }
  const [own, expected] = row.mayBeOld
    ? [withoutNewer(row.row), withoutNewer(folded.row)]
    : [row.row, folded.row];
  const fields = new Set([...Object.keys(own), ...Object.keys(expected)]);
  const wrong = [...fields].filter((field) => !same(own[field], expected[field]));
  if (wrong.length > 0)
    report(`The row of ${words} differs from the fold of its stream in ${wrong.join(', ')}.`);
  judgeLines(`the fold of the stream of ${words}`, row, folded.lines, report);
}

function judgeGeneration(
  words: string,
  rows: readonly FinalRow[],
  streams: readonly StreamStory[],
  hasNewer: boolean,
  report: Report,
): void {
  const byId = Map.groupBy(rows, ({ id }) => id);
  for (const stream of streams) {
    const [row, ...more] = byId.get(stream.id) ?? [];
    byId.delete(stream.id);
    if (row === undefined) report(`${stream.name} has no row in ${words}.`);
    else judgeRow(row, stream, hasNewer && !row.mayBeOld, report);
    if (more.length > 0) report(`${stream.name} has ${more.length + 1} rows in ${words}.`);
  }
  for (const id of byId.keys()) report(`${words} has a row of ${id}, which has no commits.`);
}

/** `isNewer`: newer code alone has written it. */
function judgeRow(row: FinalRow, stream: StreamStory, isNewer: boolean, report: Report): void {
  const words = rowWords(row);
  // Reported above.
  if (row.version === 0) return;
  if (row.version !== stream.lastVersion) {
    report(`The row of ${words} is at version ${row.version}, its stream at ${stream.lastVersion}.`);
  }
  const state = stateAt(stream, stream.lastVersion);
  const atTheEnd = { earliestMs: Number.POSITIVE_INFINITY, latestMs: Number.POSITIVE_INFINITY };
  const permitted = {
    ...stream.rules.row(state, row.row, atTheEnd),
    ...(isNewer && newerFields(stream.context, state)),
  };
  for (const field of fieldsThatDiffer(row.row, permitted)) {
    const expected = permitted[field]?.map(shown).join(' or ');
    report(`The row of ${words} has ${field} ${shown(row.row[field])} instead of ${expected}.`);
  }
  const lines = stream.events.flatMap(
    (event, index) => (event && stream.rules.line(stream.states[index + 1], event)) ?? [],
  );
  judgeLines(`the events of ${words}`, row, lines, report);
}

export function judgeLines(
  source: string,
  { lines }: Pick<FinalRow, 'lines'>,
  expected: readonly ExpectedLine[],
  report: Report,
): void {
  const found = new Map(lines.map(({ key, line }) => [key, line]));
  if (found.size !== lines.length) report(`The row has lines with the same key, other than ${source}.`);
  for (const { key, line } of expected) {
    const stored = found.get(key);
    found.delete(key);
    if (stored === undefined) report(`Line ${key} is missing, by ${source}.`);
    else if (!same(stored, line)) report(`Line ${key} is not what it is by ${source}.`);
  }
  for (const key of found.keys()) report(`Line ${key} does not exist by ${source}.`);
}

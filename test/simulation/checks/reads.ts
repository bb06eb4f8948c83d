import type { RowAnswer } from '../history.ts';
import type { Check, Report } from './check.ts';
import { clockFreedomMs } from './clocks.ts';
import { fieldsThatDiffer } from './same.ts';
import type { Story } from './story.ts';
import { type StreamStory, stateAt } from './stream-story.ts';
import { windowOf } from './windows.ts';
import { shown } from './words.ts';

/** Generations that are written are this far apart, in ms. */
const caughtUpMs = 120_000;

/** A row shows a state that its stream had; a fresh one shows all that was committed before the question. */
export const readsCheck: Check = {
  name: 'rows show what was committed',
  judge: (story, report) => {
    for (const read of story.history.reads) judgeRead(story, read, report);
  },
};

function judgeRead(story: Story, read: RowAnswer, report: Report): void {
  const { context, id, isFresh, found, askedMs, answeredMs } = read;
  const name = `${context}/${id}`;
  const stream = story.streams.get(name);
  const { highest } = windowOf(story, name, askedMs, answeredMs);
  const lowest = isFresh
    ? Math.max(windowOf(story, name, askedMs, askedMs).lowest, seenBefore(story, read))
    : 0;
  const version = found?.version ?? 0;
  const words = `${isFresh ? 'A fresh row' : 'A row'} of ${name}`;
  if (version < lowest) {
    report(
      `${words} is at version ${version}, but version ${lowest} was known before the question.`,
      answeredMs,
    );
  }
  if (found === undefined && wasSeenLongBefore(story, read)) {
    report(`${words} is gone: an answer long before the question had it.`, answeredMs);
  }
  if (version > highest) {
    report(
      `${words} is at version ${version}, but the log had only ${highest} when it was answered.`,
      answeredMs,
    );
  } else if (found && stream) judgeRow(words, stream, read, report);
}

/** The highest version that an answer of any kind has shown before the question. */
function seenBefore({ history: { reads, pasts } }: Story, { context, id, askedMs }: RowAnswer): number {
  let version = 0;
  for (const answer of [...reads, ...pasts]) {
    if (answer.context !== context || answer.id !== id || answer.answeredMs >= askedMs) continue;
    version = Math.max(version, answer.found?.version ?? 0);
  }
  return version;
}

/** A row that was in the read model does not vanish, also if another generation is active now: that one has caught up. */
function wasSeenLongBefore({ history: { reads } }: Story, { context, id, askedMs }: RowAnswer): boolean {
  return reads.some(
    (one) =>
      !one.isFresh &&
      one.context === context &&
      one.id === id &&
      one.found !== undefined &&
      one.answeredMs < askedMs - caughtUpMs,
  );
}

function judgeRow(words: string, stream: StreamStory, read: RowAnswer, report: Report): void {
  const { found, askedMs, answeredMs } = read;
  if (found === undefined) return;
  if (!stream.commits.some(({ lastVersion }) => lastVersion === found.version)) {
    report(`${words} is at version ${found.version}, in the middle of a commit.`, answeredMs);
  }
  const now = { earliestMs: askedMs - clockFreedomMs, latestMs: answeredMs + clockFreedomMs };
  const permitted = stream.rules.row(stateAt(stream, found.version), found.row, now);
  for (const field of fieldsThatDiffer(found.row, permitted)) {
    const expected = `${permitted[field]?.map(shown).join(' or ')} at version ${found.version}`;
    report(`${words} has ${field} ${shown(found.row[field])} instead of ${expected}.`, answeredMs);
  }
}

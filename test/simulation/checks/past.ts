import type { PastAnswer } from '../history.ts';
import type { Check, Report } from './check.ts';
import { clockFreedomMs } from './clocks.ts';
import { newerFields, withoutNewer } from './model/newer.ts';
import { fieldsThatDiffer, same } from './same.ts';
import { type StreamStory, stateAt } from './stream-story.ts';
import { knownMs } from './windows.ts';
import { shown } from './words.ts';

/** An answer about the past is the state after all commits until then, and the same whenever somebody asks. */
export const pastCheck: Check = {
  name: 'the past never changes',
  judge: (story, report) => {
    const first = new Map<string, PastAnswer>();
    for (const answer of story.history.pasts) {
      const question = wordsOfQuestion(answer);
      const earlier = first.get(question);
      if (earlier && !same(plainly(earlier), plainly(answer)) && !wasTooEarly(earlier)) {
        const both = `${foundWords(earlier)}, and later ${foundWords(answer)}`;
        report(`The answer about ${question} was ${both}.`, answer.answeredMs);
      }
      if (!earlier || wasTooEarly(earlier)) first.set(question, answer);
      const stream = story.streams.get(`${answer.context}/${answer.id}`);
      if ('at' in answer.point) judgeInstant(stream, answer, answer.point.at, report);
      else judgeVersion(stream, answer, answer.point.version, report);
    }
  },
};

/** Without the fields that only newer code knows: earlier code may have given the other answer. */
function plainly({ found }: PastAnswer): object | undefined {
  return found && { ...found, row: withoutNewer(found.row) };
}

/** A version that did not exist when somebody asked may exist later. */
function wasTooEarly({ point, found }: PastAnswer): boolean {
  return 'version' in point && found === undefined;
}

function wordsOfQuestion({ context, id, point }: PastAnswer): string {
  return `${context}/${id} at ${'at' in point ? point.at : `version ${point.version}`}`;
}

function foundWords({ found }: PastAnswer): string {
  return found === undefined ? 'that it did not exist' : `version ${found.version} with ${shown(found.row)}`;
}

/** The version of a stream at an instant: commits at the instant are included. */
export function versionAt(stream: StreamStory | undefined, at: string): number {
  let version = 0;
  for (const { commit, lastVersion } of stream?.commits ?? []) {
    if (commit.committedAt <= at) version = Math.max(version, lastVersion);
  }
  return version;
}

function judgeInstant(stream: StreamStory | undefined, answer: PastAnswer, at: string, report: Report): void {
  const version = versionAt(stream, at);
  if ((answer.found?.version ?? 0) !== version) {
    const expected = version === 0 ? 'that it did not exist' : `version ${version}`;
    report(
      `${wordsOfQuestion(answer)}: expected ${expected}, found ${foundWords(answer)}.`,
      answer.answeredMs,
    );
  } else judgeRow(stream, answer, report);
}

function judgeVersion(
  stream: StreamStory | undefined,
  answer: PastAnswer,
  version: number,
  report: Report,
): void {
  if (answer.found === undefined) {
    const commit = stream?.commits.find(({ lastVersion }) => lastVersion >= version);
    if (commit === undefined || knownMs(commit) >= answer.askedMs) return;
    report(
      `${wordsOfQuestion(answer)}: the log has it, but the answer was that it did not exist.`,
      answer.answeredMs,
    );
  } else if (answer.found.version !== version || version > (stream?.lastVersion ?? 0)) {
    report(`${wordsOfQuestion(answer)}: found ${foundWords(answer)}.`, answer.answeredMs);
  } else judgeRow(stream, answer, report);
}

function judgeRow(stream: StreamStory | undefined, answer: PastAnswer, report: Report): void {
  const { found, askedMs, answeredMs } = answer;
  if (stream === undefined || found === undefined) return;
  const now = { earliestMs: askedMs - clockFreedomMs, latestMs: answeredMs + clockFreedomMs };
  const state = stateAt(stream, found.version);
  const permitted = {
    ...stream.rules.row(state, found.row, now),
    ...(answer.isByNewer && newerFields(stream.context, state)),
  };
  for (const field of fieldsThatDiffer(found.row, permitted)) {
    const expected = permitted[field]?.map(shown).join(' or ');
    report(
      `${wordsOfQuestion(answer)}: ${field} is ${shown(found.row[field])} instead of ${expected}.`,
      answeredMs,
    );
  }
}

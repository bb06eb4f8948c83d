import type { Attempt, CommandAnswer } from '../history.ts';
import type { Check, Report } from './check.ts';
import { streamsOf } from './model/rules.ts';
import type { Story } from './story.ts';
import type { PlacedCommit } from './stream-story.ts';
import { answerWords, commitWords, wordsOf } from './words.ts';

type Changed = Extract<CommandAnswer, { outcome: 'changed' | 'unchanged' }>;

/** No acknowledged command is lost, none is carried out twice, and nothing is in the log that nobody asked for. */
export const carriedOutCheck: Check = {
  name: 'every acknowledged command is in the log, once, and nothing else is',
  judge: (story, report) => {
    for (const index of story.history.operations.keys()) judgeOperation(story, index, report);
    for (const { commits } of story.streams.values()) {
      for (const { commit, owner } of commits) {
        if (owner !== undefined) continue;
        report(`Nobody has asked for ${commitWords(commit)}.`, commit.appendedMs);
      }
    }
  },
};

function judgeOperation({ history, made }: Story, index: number, report: Report): void {
  const operation = history.operations[index];
  const commits = made[index];
  if (operation === undefined || commits === undefined) return;
  const { attempts, command } = operation;
  const words = wordsOf(operation);
  for (const list of [commits.first, commits.second]) {
    const [first, second] = list;
    if (first === undefined || second === undefined) continue;
    const where = `${commitWords(first.commit)} and ${commitWords(second.commit)}`;
    report(`${words} was carried out ${list.length} times: ${where}.`, second.commit.appendedMs);
  }
  const [, other] = streamsOf(command);
  if (other !== undefined) judgeBoth(words, commits, other, report);
  const [commit] = commits.first;
  attempts.forEach((attempt, place) => {
    if (attempt.answer.outcome !== 'changed') return;
    const answer = answerWords(attempt, place);
    if (commit === undefined) report(`${words}: the log has no commit for ${answer}.`, attempt.endedMs);
    else judgeChanged({ words, answer }, attempt, commit, report);
  });
  if (commit && attempts.every(saysThatNothingWasWritten)) {
    const answers = attempts.map(answerWords).join('; ');
    report(
      `${words}: all answers say that nothing was written (${answers}), but the log has ${commitWords(commit.commit)}.`,
    );
  }
}

/** A transfer is on both accounts, at the same time, or on none. */
function judgeBoth(
  words: string,
  { first, second }: { readonly first: readonly PlacedCommit[]; readonly second: readonly PlacedCommit[] },
  other: string,
  report: Report,
): void {
  const [sent] = first;
  const [received] = second;
  if (sent && !received) {
    report(`${words}: ${commitWords(sent.commit)}, and nothing on ${other}.`, sent.commit.appendedMs);
  }
  if (sent && received && sent.commit.committedAt !== received.commit.committedAt) {
    const times = `${sent.commit.committedAt} and ${received.commit.committedAt}`;
    report(`${words}: the commits on both accounts have different times, ${times}.`, sent.commit.appendedMs);
  }
}

function judgeChanged(
  { words, answer }: { readonly words: string; readonly answer: string },
  { answer: given, sentMs, endedMs }: Attempt,
  { commit, lastVersion }: PlacedCommit,
  report: Report,
): void {
  const { version, created, repeated } = given as Changed;
  const inLog = commitWords(commit);
  if (version !== lastVersion) {
    report(`${words}: ${answer}, but the log has ${inLog}, which ends at ${lastVersion}.`, endedMs);
  }
  if (created !== (commit.version === 1)) {
    report(`${words}: ${answer} says created ${created}, but the log has ${inLog}.`, endedMs);
  }
  const { appendedMs } = commit;
  if (appendedMs === undefined) return;
  if (appendedMs > endedMs) report(`${words}: ${answer} came before ${inLog} was appended.`, endedMs);
  if (appendedMs < sentMs && !repeated) {
    report(`${words}: ${answer} does not say that the command was carried out before, by ${inLog}.`, endedMs);
  }
}

/** True if the answer says for certain that this attempt has written nothing. */
function saysThatNothingWasWritten({ answer }: Attempt): boolean {
  if (answer.outcome === 'failed') return answer.code !== 'unknown-outcome';
  return answer.outcome === 'refused' || answer.outcome === 'unchanged';
}

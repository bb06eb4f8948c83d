import type { Attempt, Operation } from '../history.ts';
import type { Check, Report } from './check.ts';
import { same } from './same.ts';
import type { Story } from './story.ts';
import type { PlacedCommit } from './stream-story.ts';
import { knownMs } from './windows.ts';
import { answerWords, wordsOf } from './words.ts';

/** The refusal of everything once a stream is erased. The check of refusals sees whether it was. */
const erasedCode = 'dispense/erased';

/** All answers of a command are equal, the first one alone is not repeated, and its key serves no other command. */
export const keysCheck: Check = {
  name: 'every key is answered the same',
  judge: (story, report) => {
    story.history.operations.forEach((operation, index) => {
      judgeEqual(operation, report);
      judgeRepeated(operation, report);
      judgeForgotten(operation, report);
      const [placed] = story.made[index]?.first ?? [];
      if (placed) judgeLater(operation, placed, report);
    });
    judgeShared(story, report);
  },
};

function judgeEqual(operation: Operation, report: Report): void {
  const changed = changedAnswers(operation);
  const [first] = changed;
  if (first === undefined) return;
  for (const one of changed.slice(1)) {
    if (same(forKey(first.attempt), forKey(one.attempt))) continue;
    const both = `${answerWords(first.attempt, first.index)} and ${answerWords(one.attempt, one.index)}`;
    report(`${wordsOf(operation)}: ${both} are not the same answer.`, one.attempt.endedMs);
  }
  const firsts = changed.filter(
    ({ attempt: { answer } }) => answer.outcome === 'changed' && !answer.repeated,
  );
  const [, second] = firsts;
  if (second === undefined) return;
  report(
    `${wordsOf(operation)}: ${firsts.length} answers say that they carried it out.`,
    second.attempt.endedMs,
  );
}

/** A repeated answer needs another attempt that can have carried out the command. */
function judgeRepeated(operation: Operation, report: Report): void {
  for (const { attempt, index } of changedAnswers(operation)) {
    if (attempt.answer.outcome !== 'changed' || !attempt.answer.repeated) continue;
    if (operation.attempts.some((other) => other !== attempt && other.sentMs <= attempt.endedMs)) continue;
    report(
      `${wordsOf(operation)}: ${answerWords(attempt, index)}, but nobody sent it before.`,
      attempt.endedMs,
    );
  }
}

/** A stream remembers its last commands, and those of a day. No history is so long that a first answer can be forgotten. */
function judgeForgotten(operation: Operation, report: Report): void {
  operation.attempts.forEach((attempt, index) => {
    const { answer, endedMs } = attempt;
    if (answer.outcome !== 'failed' || answer.code !== 'already-carried-out') return;
    report(`${wordsOf(operation)}: ${answerWords(attempt, index)}, but its first answer is there.`, endedMs);
  });
}

function changedAnswers({ attempts }: Operation) {
  return attempts
    .map((attempt, index) => ({ attempt, index }))
    .filter(({ attempt }) => attempt.answer.outcome === 'changed');
}

/** The part of an answer that must be the same. */
function forKey({ answer }: Attempt): object {
  return answer.outcome === 'changed' ? { ...answer, repeated: undefined } : answer;
}

/** After the commit, the key gets its first answer, or a failure that says nothing about the command. */
function judgeLater(operation: Operation, placed: PlacedCommit, report: Report): void {
  if (operation.key === undefined) return;
  operation.attempts.forEach((attempt, index) => {
    if (attempt.sentMs <= knownMs(placed) || !contradictsCommit(attempt)) return;
    const answer = answerWords(attempt, index);
    report(`${wordsOf(operation)}: ${answer} came after the command was carried out.`, attempt.endedMs);
  });
}

function contradictsCommit({ answer }: Attempt): boolean {
  // Without the key of the subject, nobody recognises what was carried out before.
  if (answer.outcome === 'refused') return answer.code !== erasedCode;
  if (answer.outcome === 'unchanged') return true;
  const contradicting = ['version-mismatch', 'idempotency-key-reused', 'already-carried-out'];
  return answer.outcome === 'failed' && contradicting.includes(answer.code);
}

/** Commands with the same key on the same stream: one of them is carried out, the others are refused from then on. */
function judgeShared({ history: { operations }, made, rivals }: Story, report: Report): void {
  for (const indexes of rivals) {
    const [winner, another] = indexes.filter((index) => made[index]?.first.length !== 0);
    const winning = winner === undefined ? undefined : operations[winner];
    const [placed] = (winner === undefined ? undefined : made[winner]?.first) ?? [];
    if (winning === undefined || placed === undefined) continue;
    for (const index of indexes) {
      const operation = operations[index];
      if (operation === undefined || index === winner) continue;
      if (index === another) {
        report(`${wordsOf(operation)} was carried out, and so was ${wordsOf(winning)}: with one key.`);
      } else judgeLoser(operation, winning, placed, report);
    }
  }
}

function judgeLoser(operation: Operation, winning: Operation, placed: PlacedCommit, report: Report): void {
  operation.attempts.forEach((attempt, index) => {
    const { answer, sentMs, endedMs } = attempt;
    if (sentMs <= knownMs(placed) || answer.outcome === 'unanswered') return;
    if (answer.outcome === 'failed' && answer.code !== 'version-mismatch') return;
    if (answer.outcome === 'refused' && answer.code === erasedCode) return;
    const words = `${wordsOf(operation)}: ${answerWords(attempt, index)}`;
    report(`${words}, although its key was used by ${wordsOf(winning)}.`, endedMs);
  });
}

import type { Operation } from '../history.ts';
import type { Check, Report } from './check.ts';
import { clockFreedomMs } from './clocks.ts';
import { commandTime, decideAt, differenceOf } from './expected.ts';
import { rulesOf } from './model/contexts.ts';
import { type Permitted, type Rules, streamsOf, type TimeWindow } from './model/rules.ts';
import { fieldsThatDiffer } from './same.ts';
import { type Story, statesOf } from './story.ts';
import type { PlacedCommit, StreamStory } from './stream-story.ts';
import { versionsIn, windowOf } from './windows.ts';
import { answerWords, commitWords, shown, wordsOf } from './words.ts';

/** Each commit is what a run of all commands, one after the other, writes at its place, and each answer is what that run answers. */
export const answersCheck: Check = {
  name: 'events and answers equal those of a sequential run',
  judge: (story, report) => {
    story.history.operations.forEach((operation, index) => {
      const rules = rulesOf(operation.command.context);
      if (rules === undefined) return;
      const { first = [], second = [] } = story.made[index] ?? {};
      const [placed] = first;
      if (placed) judgeEvents(story, operation, [placed, ...second.slice(0, 1)], report);
      if (placed) judgeAnswers(story, operation, placed, report);
      else judgeUnchanged(story, operation, rules, report);
    });
    for (const stream of story.streams.values()) judgeReactions(stream, report);
  },
};

function judgeEvents(
  { streams }: Story,
  operation: Operation,
  commits: readonly [PlacedCommit, ...PlacedCommit[]],
  report: Report,
): void {
  const [{ commit }] = commits;
  const { command, expectedVersion } = operation;
  const words = wordsOf(operation);
  const difference = differenceOf(decideAt(streams, command, ...commits), commits);
  if (difference !== undefined) report(`${words}: ${difference}.`, commit.appendedMs);
  if (expectedVersion !== undefined && commit.version - 1 !== expectedVersion) {
    const found = `it was carried out at version ${commit.version - 1}`;
    report(`${words}: only for version ${expectedVersion}, but ${found}.`, commit.appendedMs);
  }
  judgeTimes(operation, commits[0], report);
}

/** The command was sent before its commit was appended, and its events have a time between. */
function judgeTimes(operation: Operation, placed: PlacedCommit, report: Report): void {
  const { commit } = placed;
  const sentMs = operation.attempts[0]?.sentMs ?? Number.NEGATIVE_INFINITY;
  const committedMs = Date.parse(commit.committedAt) + clockFreedomMs;
  const { appendedMs = committedMs } = commit;
  if (appendedMs < sentMs) {
    report(
      `${wordsOf(operation)}: ${commitWords(commit)} was appended before the command was sent.`,
      appendedMs,
    );
  }
  const time = commandTime(placed);
  const [earliestMs, latestMs] = [
    sentMs - clockFreedomMs,
    Math.max(appendedMs, committedMs) + clockFreedomMs,
  ];
  if (Date.parse(time) >= earliestMs && Date.parse(time) <= latestMs) return;
  report(`${wordsOf(operation)}: ${commitWords(commit)} has the time ${time}.`, appendedMs);
}

function judgeAnswers(story: Story, operation: Operation, placed: PlacedCommit, report: Report): void {
  const stream = story.streams.get(placed.commit.stream);
  if (stream === undefined) return;
  const state = stream.states[placed.lastVersion];
  const permitted = stream.rules.answer(state, timeOf(operation, placed));
  operation.attempts.forEach((attempt, index) => {
    if (attempt.answer.outcome !== 'changed') return;
    const differences = bodyDifferences(attempt.answer.body, permitted);
    if (differences === undefined) return;
    report(`${wordsOf(operation)}: ${answerWords(attempt, index)} has ${differences}.`, attempt.endedMs);
  });
}

/** When the command was carried out, by the clock that decided it. */
function timeOf({ attempts, command }: Operation, placed: PlacedCommit): TimeWindow {
  const latestMs = Date.parse(commandTime(placed));
  // Values may have the time of an earlier one, which another clock gave.
  if (command.do !== 'record') return { earliestMs: latestMs, latestMs };
  const sentMs = attempts[0]?.sentMs ?? latestMs;
  return { earliestMs: Math.min(sentMs - clockFreedomMs, latestMs), latestMs };
}

function bodyDifferences(body: object, permitted: Permitted): string | undefined {
  const fields = fieldsThatDiffer(body, permitted);
  if (fields.length === 0) return undefined;
  const found = body as Readonly<Record<string, unknown>>;
  return fields
    .map((field) => `${field} ${shown(found[field])} instead of ${permitted[field]?.map(shown).join(' or ')}`)
    .join(', ');
}

/** An operation without commit that was answered `unchanged`: in a state of that time, the rules write nothing. */
function judgeUnchanged(story: Story, operation: Operation, rules: Rules<unknown>, report: Report): void {
  operation.attempts.forEach((attempt, index) => {
    const { answer, sentMs, endedMs } = attempt;
    if (answer.outcome !== 'unchanged') return;
    const [name] = streamsOf(operation.command);
    const now = new Date(endedMs).toISOString();
    const isRight = versionsIn(story.streams.get(name), windowOf(story, name, sentMs, endedMs)).some(
      (version) => {
        const decided = rules.decide([statesOf(story, name, version)], operation.command, now);
        return (
          answer.version === version &&
          'events' in decided &&
          decided.events.every((events) => events.length === 0)
        );
      },
    );
    if (!isRight)
      report(
        `${wordsOf(operation)}: ${answerWords(attempt, index)}, but there was something to do.`,
        endedMs,
      );
  });
}

/** What automations recorded: it must fit the state before it. */
function judgeReactions({ rules, states, commits }: StreamStory, report: Report): void {
  for (const { commit, owner, events } of commits) {
    if (owner?.by !== 'automation') continue;
    const problem = rules.reactionProblem(states[commit.version - 1], events);
    if (problem !== undefined) report(`An automation: ${commitWords(commit)}. ${problem}`, commit.appendedMs);
  }
}

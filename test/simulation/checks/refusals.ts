import type { Attempt, CommandAnswer, Operation } from '../history.ts';
import type { Check } from './check.ts';
import { clockFreedomMs } from './clocks.ts';
import { rulesOf } from './model/contexts.ts';
import { streamsOf } from './model/rules.ts';
import { type Story, statesOf } from './story.ts';
import { missingCause } from './unreadable.ts';
import { versionsIn, windowOf } from './windows.ts';
import { answerWords, wordsOf } from './words.ts';

/** Nothing is refused without a reason: the rules refuse the command in a state that its streams had meanwhile. */
export const refusalsCheck: Check = {
  name: 'refusals have a reason',
  judge: (story, report) => {
    story.history.operations.forEach((operation, index) => {
      operation.attempts.forEach((attempt, place) => {
        const reason = missingReason(story, operation, attempt, index);
        if (reason === undefined) return;
        report(`${wordsOf(operation)}: ${answerWords(attempt, place)}, but ${reason}.`, attempt.endedMs);
      });
    });
  },
};

/** Failures of the kernel that may happen to any command. */
const mayHappen: ReadonlySet<string> = new Set(['contention', 'unknown-outcome']);

function missingReason(
  story: Story,
  operation: Operation,
  attempt: Attempt,
  index: number,
): string | undefined {
  const { answer } = attempt;
  if (answer.outcome === 'refused') return unjustified(story, operation, attempt, answer);
  if (answer.outcome !== 'failed' || mayHappen.has(answer.code)) return undefined;
  switch (answer.code) {
    case 'version-mismatch': {
      const [versions = []] = versionsDuring(story, operation, attempt);
      const isRight = versions.some((version) => version !== operation.expectedVersion);
      if (operation.expectedVersion === undefined) return 'it expected no version';
      return isRight ? undefined : `the stream was at version ${operation.expectedVersion} all the time`;
    }
    case 'idempotency-key-reused':
      return wasKeyUsed(story, index, attempt) ? undefined : 'no other command with its key was carried out';
    case 'unreadable-event':
      return missingCause(story, streamsOf(operation.command), attempt.sentMs, attempt.endedMs);
    case 'erased':
      return wasErasedBefore(story, operation, attempt) ? undefined : 'the stream was not erased';
    default:
      return 'nothing in this history is a reason for it';
  }
}

/** By stream of the operation: the versions that it may have had during the attempt. */
function versionsDuring(
  story: Story,
  { command }: Operation,
  { sentMs, endedMs }: Attempt,
): readonly number[][] {
  return streamsOf(command).map((name) =>
    versionsIn(story.streams.get(name), windowOf(story, name, sentMs, endedMs)),
  );
}

function unjustified(
  story: Story,
  operation: Operation,
  attempt: Attempt,
  { code }: Extract<CommandAnswer, { outcome: 'refused' }>,
): string | undefined {
  const { command, expectedVersion } = operation;
  const rules = rulesOf(command.context);
  if (rules === undefined) return undefined;
  const names = streamsOf(command);
  const [versions = [], others = [0]] = versionsDuring(story, operation, attempt);
  const instants = [attempt.sentMs - clockFreedomMs, attempt.endedMs + clockFreedomMs];
  const times = instants.map((ms) => new Date(ms).toISOString());
  for (const version of versions.filter((one) => expectedVersion === undefined || one === expectedVersion)) {
    for (const other of others) {
      const states = names.map((name, place) => statesOf(story, name, place === 0 ? version : other));
      for (const now of times) {
        const decided = rules.decide(states, command, now);
        if ('refused' in decided && decided.refused === code) return undefined;
      }
    }
  }
  const range = `version ${versions[0]} to ${versions.at(-1)} of ${names[0]}`;
  return `the rules do not refuse it so in any state from ${range}`;
}

/** True if the event of the erasure was there, or may have come, before the answer. The key is destroyed after it. */
function wasErasedBefore({ streams }: Story, { command }: Operation, { endedMs }: Attempt): boolean {
  const commits = streams.get(streamsOf(command)[0])?.commits ?? [];
  return commits.some(
    ({ commit, events }) =>
      (commit.appendedMs ?? 0) <= endedMs && events.some(({ type }) => type === 'Dispense:Erased'),
  );
}

/** True if the commit of another command with the key was there, or may have come, before the answer. */
function wasKeyUsed({ made, rivals }: Story, index: number, { endedMs }: Attempt): boolean {
  const others = rivals.find((indexes) => indexes.includes(index)) ?? [];
  return others.some((other) => {
    const [placed] = made[other]?.first ?? [];
    return other !== index && placed !== undefined && (placed.commit.appendedMs ?? 0) <= endedMs;
  });
}

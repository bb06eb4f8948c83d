import type { Attempt, Operation, RecordedHistory } from '../history.ts';
import { rulesOf } from './model/contexts.ts';
import { streamsOf } from './model/rules.ts';
import { findOwners, type Made } from './owners.ts';
import { type StreamStory, stateAt, streamStory } from './stream-story.ts';

/** A history as the checks read it: commits by stream, with states and owners. */
export interface Story {
  readonly history: RecordedHistory;
  readonly streams: ReadonlyMap<string, StreamStory>;
  /** By the index of the operation. */
  readonly made: readonly Made[];
  /** Lists of operations with the same command id on the same stream, by their indexes: somebody has misused a key. */
  readonly rivals: readonly (readonly number[])[];
}

export function storyOf(history: RecordedHistory): Story {
  const streams = new Map<string, StreamStory>();
  for (const [name, commits] of Map.groupBy(history.commits, ({ stream }) => stream)) {
    const story = streamStory(name, commits);
    if (story) streams.set(name, story);
  }
  const made = findOwners(history.operations, streams);
  history.operations.forEach(({ attempts }, index) => {
    const ackedMs = answeredMs(attempts);
    if (ackedMs === undefined) return;
    for (const placed of [...(made[index]?.first ?? []), ...(made[index]?.second ?? [])])
      placed.ackedMs = ackedMs;
  });
  return { history, streams, made, rivals: rivalsOf(history.operations) };
}

/** When the first answer came that says that the command is carried out. */
function answeredMs(attempts: readonly Attempt[]): number | undefined {
  const ended = attempts.filter(({ answer }) => answer.outcome === 'changed').map(({ endedMs }) => endedMs);
  return ended.length === 0 ? undefined : Math.min(...ended);
}

/** The state that a stream had, also one without commits. Undefined: of a context without rules. */
export function statesOf(story: Story, name: string, version: number): unknown {
  const stream = story.streams.get(name);
  return stream ? stateAt(stream, version) : rulesOf(name.slice(0, name.indexOf('/')))?.initial;
}

function rivalsOf(operations: readonly Operation[]): readonly (readonly number[])[] {
  const byId = Map.groupBy(operations.keys(), (index) => {
    const { command, commandId = `unknown ${index}` } = operations[index] as Operation;
    return `${streamsOf(command)[0]} ${commandId}`;
  });
  return [...byId.values()].filter(({ length }) => length > 1);
}

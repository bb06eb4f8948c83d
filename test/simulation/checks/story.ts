import type { Attempt, Operation, RecordedCommit, RecordedHistory } from '../history.ts';
import { rulesOf } from './model/contexts.ts';
import type { PlacedEvent, Rules } from './model/rules.ts';
import { findOwners, type Owner } from './owners.ts';

/** A commit with its place in its stream. */
export interface PlacedCommit {
  readonly commit: RecordedCommit;
  readonly events: readonly PlacedEvent[];
  readonly lastVersion: number;
  /** Who has made it. Undefined: nobody is known. */
  owner?: Owner | undefined;
  /** When somebody knew that it is in the log, at the latest: by an answer. Undefined: nobody was told. */
  ackedMs?: number;
}

/** A stream, and the states that it had by the independent rules. */
export interface StreamStory {
  readonly name: string;
  readonly context: string;
  readonly id: string;
  readonly rules: Rules<unknown>;
  /** By version. */
  readonly commits: readonly PlacedCommit[];
  readonly lastVersion: number;
  /** By version; the first is that of a stream that does not exist. */
  readonly states: readonly unknown[];
  /** The events by version - 1. A version without an event has a hole, which the check of versions reports. */
  readonly events: readonly (PlacedEvent | undefined)[];
}

/** The commits of an operation: on its first stream, and on the other one of a transfer. */
export interface Made {
  readonly first: readonly PlacedCommit[];
  readonly second: readonly PlacedCommit[];
}

/** A history as the checks read it: commits by stream, with states and owners. */
export interface Story {
  readonly history: RecordedHistory;
  readonly streams: ReadonlyMap<string, StreamStory>;
  /** By the index of the operation. */
  readonly made: readonly Made[];
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
  return { history, streams, made };
}

/** When the first answer came that says that the command is carried out. */
function answeredMs(attempts: readonly Attempt[]): number | undefined {
  const ended = attempts.filter(({ answer }) => answer.outcome === 'changed').map(({ endedMs }) => endedMs);
  return ended.length === 0 ? undefined : Math.min(...ended);
}

function streamStory(name: string, unsorted: readonly RecordedCommit[]): StreamStory | undefined {
  const slash = name.indexOf('/');
  const [context, id] = [name.slice(0, slash), name.slice(slash + 1)];
  const rules = rulesOf(context);
  if (rules === undefined) return undefined;
  const commits = unsorted
    .toSorted((a, b) => a.version - b.version)
    .map((commit) => ({
      commit,
      events: placedEvents(commit),
      lastVersion: commit.version + commit.events.length - 1,
    }));
  const states: unknown[] = [rules.initial];
  const events: (PlacedEvent | undefined)[] = [];
  for (const event of commits.flatMap((placed) => placed.events)) {
    // The first event of a version counts.
    if (event.version < states.length) continue;
    let state = states.at(-1);
    // A gap is a finding of its own.
    for (; states.length < event.version; events.push(undefined)) states.push(state);
    state = rules.evolve(state, event);
    states.push(state);
    events.push(event);
  }
  return { name, context, id, rules, commits, lastVersion: states.length - 1, states, events };
}

function placedEvents({ stream, version, committedAt, events }: RecordedCommit): readonly PlacedEvent[] {
  return events.map(({ id, type, data }, index) => ({
    stream,
    version: version + index,
    id,
    type,
    data: data as PlacedEvent['data'],
    committedAt,
  }));
}

/** The state of a stream at a version. */
export function stateAt(stream: StreamStory, version: number): unknown {
  return stream.states[Math.min(version, stream.lastVersion)];
}

/** The state that a stream had, also one without commits. Undefined: of a context without rules. */
export function statesOf(story: Story, name: string, version: number): unknown {
  const stream = story.streams.get(name);
  return stream ? stateAt(stream, version) : rulesOf(name.slice(0, name.indexOf('/')))?.initial;
}

/** The versions that a stream can have had in a span of time: the lowest and the highest. */
export interface VersionWindow {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The versions that a stream can have had from one moment to another. If nobody knows when a commit was appended, it counts from the
 * time when its operation was sent, and until the time when its operation was answered it may not be there.
 */
export function windowOf(
  { history, streams }: Story,
  name: string,
  fromMs: number,
  toMs: number,
): VersionWindow {
  let [lowest, highest] = [0, 0];
  for (const placed of streams.get(name)?.commits ?? []) {
    const { lastVersion } = placed;
    if (knownMs(placed) < fromMs) lowest = Math.max(lowest, lastVersion);
    if (possibleMs(history.operations, placed) <= toMs) highest = Math.max(highest, lastVersion);
  }
  return { lowest, highest: Math.max(lowest, highest) };
}

/** From when on a commit is certainly in the log. */
export function knownMs({ commit, owner, ackedMs }: PlacedCommit): number {
  if (owner?.by === 'preparation') return Number.NEGATIVE_INFINITY;
  return commit.appendedMs ?? ackedMs ?? Number.POSITIVE_INFINITY;
}

/** From when on a commit can be in the log. */
function possibleMs(operations: readonly Operation[], { commit, owner }: PlacedCommit): number {
  if (owner?.by === 'preparation') return Number.NEGATIVE_INFINITY;
  if (commit.appendedMs !== undefined) return commit.appendedMs;
  const operation = owner?.by === 'operation' ? operations[owner.index] : undefined;
  return operation?.attempts[0]?.sentMs ?? Number.NEGATIVE_INFINITY;
}

/** The ends of a stream's commits within a window: the versions at which somebody can have seen it. */
export function versionsIn(stream: StreamStory | undefined, { lowest, highest }: VersionWindow): number[] {
  const ends = (stream?.commits ?? []).map(({ lastVersion }) => lastVersion);
  return [lowest, ...ends.filter((end) => end > lowest && end <= highest)];
}

import type { RecordedCommit } from '../history.ts';
import { rulesOf } from './model/contexts.ts';
import { plainData } from './model/newer.ts';
import type { PlacedEvent, Rules } from './model/rules.ts';

/** Who has made a commit. `part`: which of the operation's streams it is on. */
export type Owner =
  | { readonly by: 'operation'; readonly index: number; readonly part: 0 | 1 }
  | { readonly by: 'automation' }
  /** It was in the log before the history began. */
  | { readonly by: 'preparation' };

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

/** Undefined: the stream is of a context without rules. */
export function streamStory(name: string, unsorted: readonly RecordedCommit[]): StreamStory | undefined {
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
    data: plainData({ type, data }),
    committedAt,
  }));
}

/** The state of a stream at a version. */
export function stateAt(stream: StreamStory, version: number): unknown {
  return stream.states[Math.min(version, stream.lastVersion)];
}

import { type Commit, type Recorded, recordedEvents, requireNext, type StreamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import { type EventDefinitions, readEvent } from './event-definitions.ts';
import type { EventLog } from './event-log.ts';

/** Which past is meant: the stream as it stood at a version, or at an instant (ISO 8601, UTC, ms). */
export type PointInTime = { readonly version: number } | { readonly at: string };

export interface StateThen<State> {
  readonly state: State;
  /** Version that the stream stood at then; 0 when it did not exist yet. */
  readonly version: number;
}

/**
 * Folds a stream as it stood at a point in time. A version past the stream's end answers the newest state with its
 * own, lower version. Reads the history from the start: the price of a question that is rarely asked.
 */
export async function stateThen<State, Event extends DomainEvent>(
  log: EventLog,
  events: EventDefinitions<Event>,
  stream: StreamName,
  then: PointInTime,
  fold: { readonly initial: State; readonly apply: (state: State, event: Recorded<Event>) => State },
): Promise<StateThen<State>> {
  let state = fold.initial;
  let version = 0;
  for await (const page of log.read(stream)) {
    for (const commit of page) {
      requireNext(commit, version);
      if (isAfter(commit, then)) return { state, version };
      for (const event of recordedEvents(commit)) {
        if ('version' in then && event.version > then.version) return { state, version };
        state = fold.apply(state, readEvent(events, stream, event));
        version = event.version;
      }
    }
  }
  return { state, version };
}

/** Commits of a stream never go back in time, so that the first one after the point ends the search. */
function isAfter(commit: Commit, then: PointInTime): boolean {
  return 'at' in then ? commit.committedAt > then.at : commit.version > then.version;
}

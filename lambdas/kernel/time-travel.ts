import { type Commit, type Recorded, recordedEvents, requireNext, type StreamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import { type EventDefinitions, readEvent } from './event-definitions.ts';
import type { EventLog } from './event-log.ts';

/** A point in the history of a stream: a version, or a time (ISO 8601, UTC, ms). */
export type PointInTime = { readonly version: number } | { readonly at: string };

export interface StateThen<State> {
  readonly state: State;
  /** Version of the stream at that point; 0 if it did not exist yet. */
  readonly version: number;
}

/**
 * The state of a stream at a point in time. For a version beyond the end it returns the newest state with its own, lower
 * version. It reads the history from the start, which takes time, but is rarely needed.
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

/** The times of a stream's commits never go back, so the first commit after the point ends the search. */
function isAfter(commit: Commit, then: PointInTime): boolean {
  return 'at' in then ? commit.committedAt > then.at : commit.version > then.version;
}

import { type ChainEnd, endOf, requireContinues } from './chain.ts';
import { type Commit, type Recorded, recordedEvents, type StreamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import { type EventDefinitions, readEvent } from './event-definitions.ts';
import type { EventLog } from './event-log.ts';

/** A point in the history of a stream: a version, or a time (ISO 8601, UTC, ms). */
export type PointInTime = { readonly version: number } | { readonly at: string };

/** The state of a stream at a point in time. */
export interface StateAt<State> {
  readonly state: State;
  /** Version of the stream at that point; 0 if it did not exist yet. */
  readonly version: number;
}

/**
 * The state of a stream at a point in time. The caller makes sure that an instant is settled (`CommitClock.untilSettled`):
 * only then does the answer never change. For a version after the last it returns the newest state, with its version.
 * It reads the history from the start, which is slow but rarely needed. Throws `unreadable-event` and
 * `log-changed`.
 */
export async function stateAt<State, Event extends DomainEvent>(
  log: Pick<EventLog, 'read'>,
  events: EventDefinitions<Event>,
  stream: StreamName,
  point: PointInTime,
  fold: { readonly initial: State; readonly apply: (state: State, event: Recorded<Event>) => State },
): Promise<StateAt<State>> {
  let state = fold.initial;
  let version = 0;
  let end: ChainEnd = { version, hash: undefined };
  for await (const page of log.read(stream)) {
    for (const commit of page) {
      requireContinues(commit, end);
      end = endOf(commit);
      if (isAfter(commit, point)) return { state, version };
      for (const event of recordedEvents(commit)) {
        if ('version' in point && event.version > point.version) return { state, version };
        state = fold.apply(state, readEvent(events, stream, event));
        version = event.version;
      }
    }
  }
  return { state, version };
}

/** The times of a stream's commits never decrease, so the first commit after the point ends the search. */
function isAfter(commit: Commit, point: PointInTime): boolean {
  return 'at' in point ? commit.committedAt > point.at : commit.version > point.version;
}

import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../commit.ts';
import type { Decider, DomainEvent } from '../decider.ts';
import {
  currentSchemaVersion,
  type EventDefinitions,
  readEvent,
  requireValidEvents,
} from '../event-definitions.ts';

interface RecordedEventsOptions<State, Command, Event extends DomainEvent> {
  readonly decider: Decider<State, Command, Event>;
  readonly events: EventDefinitions<Event>;
  /** Streams by name, as each version of the context wrote them. Never edit an entry. */
  readonly recordedStreams: Readonly<Record<string, readonly StoredEvent[]>>;
  /**
   * The state that each recorded stream folds to, by `stateVersion`. Snapshots store these states. If `evolve` produces
   * another state, raise the decider's `stateVersion` and add the new states. Never edit an entry.
   */
  readonly statesByVersion: Readonly<Record<number, Readonly<Record<string, unknown>>>>;
}

/** Checks a context against recorded events: they load, match their schemas, and fold to the states in snapshots. */
export function recordedEventsContract<State, Command, Event extends DomainEvent>({
  decider,
  events,
  recordedStreams,
  statesByVersion,
}: RecordedEventsOptions<State, Command, Event>): void {
  const stream = `${decider.category}/recorded`;
  describe(`events recorded by every version of ${decider.category}`, () => {
    it.each(Object.entries(recordedStreams))('%s folds to the state in snapshots', (name, recorded) => {
      const state = recorded
        .map((event) => readEvent(events, stream, event))
        .reduce(decider.evolve, decider.initialState());
      expect(state).toStrictEqual(statesByVersion[decider.stateVersion]?.[name]);
      expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state);
    });

    it.each(Object.entries(recordedStreams))(
      '%s has a state after each event that snapshots may have',
      (_name, recorded) => {
        let state = decider.initialState();
        const refused: unknown[] = [];
        for (const event of recorded) {
          state = decider.evolve(state, readEvent(events, stream, event));
          if (decider.isState?.(JSON.parse(JSON.stringify(state))) === false) refused.push(state);
        }
        expect(refused).toEqual([]);
        for (const damaged of [null, [], {}, 'open', decider.initialState()])
          expect(decider.isState?.(damaged) ?? false).toBe(false);
      },
    );

    it.each(Object.entries(recordedStreams))(
      '%s matches the current schemas after reading',
      (_name, recorded) => {
        const read = recorded.map((event) => readEvent(events, stream, event));
        expect(() => requireValidEvents(events, read)).not.toThrow();
      },
    );

    it('cover every event type in every schema version', () => {
      const recorded = Object.values(recordedStreams).flatMap((each) =>
        each.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`),
      );
      const defined = Object.keys(events).flatMap((type) =>
        Array.from({ length: currentSchemaVersion(events, type) }, (_, index) => `${type} ${index + 1}`),
      );
      expect([...new Set(recorded)].sort()).toEqual(defined.sort());
    });
  });
}

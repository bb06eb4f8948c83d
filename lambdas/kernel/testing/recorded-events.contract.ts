import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../commit.ts';
import type { Decider, DomainEvent } from '../decider.ts';
import { holdsEnvelope, isEnvelope } from '../envelope.ts';
import {
  currentSchemaVersion,
  type EventDefinitions,
  readEvent,
  requireValidEvents,
} from '../event-definitions.ts';
import { fieldsOf } from '../personal-fields.ts';
import { withEnvelopes } from './envelopes.fixture.ts';

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
  const stream = `${decider.category}/recorded` as const;
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
      '%s matches the current schemas after reading, where it is plain',
      (_name, recorded) => {
        const read = recorded.map((event) => readEvent(events, stream, event));
        const plain = read.filter(({ data }) => !holdsEnvelope(data));
        expect(() => requireValidEvents(events, plain)).not.toThrow();
      },
    );

    it.each(Object.entries(recordedStreams))(
      '%s folds to the same state when its personal values are in envelopes',
      (name, recorded) => {
        const state = recorded
          .map((event) => readEvent(events, stream, withEnvelopes(events, stream, event)))
          .reduce(decider.evolve, decider.initialState());
        expect(state).toStrictEqual(statesByVersion[decider.stateVersion]?.[name]);
      },
    );

    it('have every personal field plain and in an envelope', () => {
      const read = Object.values(recordedStreams)
        .flat()
        .map((event) => readEvent(events, stream, event));
      const recorded = new Set(
        read.flatMap(({ type, data }) => formsIn(data).map((form) => `${type} ${form}`)),
      );
      const missing = Object.entries<EventDefinitions[string]>(events).flatMap(([type, { schema }]) =>
        fieldsOf(schema)
          .filter(({ isPersonal }) => isPersonal)
          .flatMap(({ path }) => [`${type} ${path} plain`, `${type} ${path} enveloped`])
          .filter((form) => !recorded.has(form)),
      );
      expect(missing).toEqual([]);
    });

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

/** `name plain` or `name enveloped` for each value at any depth, with its path as {@link fieldsOf} has it. */
function formsIn(value: unknown, path = ''): readonly string[] {
  const form = `${path} ${isEnvelope(value) ? 'enveloped' : 'plain'}`;
  if (typeof value !== 'object' || value === null || isEnvelope(value)) return [form];
  return [
    form,
    ...Object.entries(value).flatMap(([name, field]) => {
      if (Array.isArray(value)) return formsIn(field, `${path}[]`);
      return formsIn(field, path === '' ? name : `${path}.${name}`);
    }),
  ];
}

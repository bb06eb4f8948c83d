import { describe, expect, it } from '@jest/globals';
import { upcast } from '../../../kernel/upcasting.ts';
import { dispense } from './dispense.ts';
import { type DispenseEvent, dispenseSchemas } from './events.ts';
import { recordedStreams } from './recorded-events.fixture.ts';

/**
 * What the recorded streams fold to, by `stateVersion`. Snapshots keep such states: when `evolve` comes to produce
 * another one, raise `stateVersion` in the decider and add what it produces now; entries are never edited.
 */
const statesByVersion: Readonly<Record<number, Readonly<Record<string, unknown>>>> = {
  1: {
    'a dispense from a prescription': {
      status: 'complete',
      hasPatient: true,
      drugCount: 2,
      prescription: { key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5', analysis: 'done' },
    },
    'a dispense by hand, cancelled': { status: 'cancelled', hasPatient: true, drugCount: 1 },
  },
};

describe('events recorded by every version of this context', () => {
  it.each(Object.entries(recordedStreams))('%s folds to the state that snapshots hold', (name, events) => {
    const state = events.reduce(
      (before, event) =>
        dispense.evolve(
          before,
          upcast(dispenseSchemas, 'dispense/recorded', event) as unknown as DispenseEvent,
        ),
      dispense.initialState,
    );
    expect(state).toStrictEqual(statesByVersion[dispense.stateVersion]?.[name]);
  });

  it('cover every event type in every schema version', () => {
    const recorded = new Set(
      Object.values(recordedStreams).flatMap((events) =>
        events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`),
      ),
    );
    const written = Object.entries(dispenseSchemas).flatMap(([type, upcasters]) =>
      Array.from(
        { length: (upcasters as readonly unknown[]).length + 1 },
        (_, index) => `${type} ${index + 1}`,
      ),
    );
    expect([...recorded].sort()).toEqual(written.sort());
  });
});

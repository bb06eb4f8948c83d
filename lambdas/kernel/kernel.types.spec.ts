import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineContext } from './context-definition.ts';
import { defineEvents, type EventDefinitions } from './event-definitions.ts';
import { MemoryReadModel } from './memory/memory-read-model.ts';
import type { Projection } from './projection.ts';
import { Projector, type ProjectorOptions } from './projector.ts';
import { type CounterEvent, counter, counterEvents } from './testing/counter.fixture.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

/*
 * Code that must not compile. The type check fails if a line below `@ts-expect-error` compiles. At run time, the specs
 * check only the few cases that also throw.
 */

interface Row {
  readonly total: number;
}

type Lists = 'byId' | 'byTotal';

const projection: Projection<CounterEvent, Row, never, Lists> = {
  name: 'typed',
  category: 'counter',
  events: counterEvents,
  project: (row = { total: 0 }) => ({ row }),
  listKeys: ({ total }) => ({ byId: 'id', byTotal: String(total) }),
};

describe('types of events', () => {
  it('need a schema, and a version that each upcaster is from', () => {
    const upcast = (data: object) => data;
    const schema = z.strictObject({});
    // @ts-expect-error: no schema
    defineEvents({ 'Test:A': {} });
    // @ts-expect-error: the upcaster has no `from`
    expect(() => defineEvents({ 'Test:A': { schema, upcasters: [{ upcast }] } })).toThrow('upcaster 1 of 1');
    expect(() => defineEvents({ 'Test:A': { schema, upcasters: [{ from: 1, upcast }] } })).not.toThrow();
  });

  it('are all defined, with the data of the event', () => {
    const added = counterEvents['Counter:Added'];
    // @ts-expect-error: `Counter:Closed` is missing
    const incomplete: EventDefinitions<CounterEvent> = { 'Counter:Added': added };
    const swapped: EventDefinitions<CounterEvent> = {
      ...counterEvents,
      // @ts-expect-error: the schema is that of another event
      'Counter:Closed': added,
    };
    expect([Object.keys(incomplete), Object.keys(swapped)]).toEqual([
      ['Counter:Added'],
      ['Counter:Added', 'Counter:Closed'],
    ]);
  });

  it('have data that a decider and a projection must read as it is', () => {
    const misread: typeof projection = {
      ...projection,
      project: (row = { total: 0 }, event) => {
        // @ts-expect-error: no such event type
        if (event.type === 'Counter:Removed') return { row };
        // @ts-expect-error: the event has no `amounts`
        const { amounts } = event.data;
        return { row: { total: amounts } };
      },
    };
    const decider: typeof counter = {
      ...counter,
      // @ts-expect-error: the amount is a number
      decide: () => [{ type: 'Counter:Added', data: { amount: '5' } }],
    };
    expect([misread.name, decider.category]).toEqual(['typed', 'counter']);
  });
});

describe('types of lists', () => {
  it('name the lists of the projection, in the keys and in queries', async () => {
    const misnamed: typeof projection = {
      ...projection,
      // @ts-expect-error: `byTotals` is not a list
      listKeys: () => ({ byId: 'id', byTotals: '1' }),
    };
    const incomplete: typeof projection = {
      ...projection,
      // @ts-expect-error: `byTotal` is missing
      listKeys: () => ({ byId: 'id' }),
    };
    const readModel = new MemoryReadModel<Row, never, Lists>(projection);
    await readModel.list('byTotal', { limit: 1 });
    // @ts-expect-error: not a list of this read model
    expect(await readModel.list('byTotals', { limit: 1 })).toEqual({ rows: [] });
    // @ts-expect-error: not a list of this read model
    expect(await readModel.count('byName', {}, 1)).toBe(0);
    expect([misnamed.name, incomplete.name]).toEqual(['typed', 'typed']);
  });
});

describe('types of a context', () => {
  type Foreign = { readonly type: 'Lamp:Switched'; readonly data: { readonly on: boolean } };
  const foreign: Projection<Foreign, Row, never, Lists> = {
    ...projection,
    events: { 'Lamp:Switched': { schema: z.strictObject({ on: z.boolean() }) } },
    project: (row = { total: 0 }) => ({ row }),
  };

  it('match: the projection folds the events of the decider', () => {
    const parts = { decider: counter, events: counterEvents, answer: () => ({}) };
    defineContext({ ...parts, projection });
    // @ts-expect-error: a projection of foreign events
    defineContext({ ...parts, projection: foreign });
    // @ts-expect-error: the answer reads a state that the decider does not have
    defineContext({ ...parts, projection, answer: ({ balance }) => ({ balance }) });
    expect(foreign.events).not.toHaveProperty('Counter:Added');
  });

  it('require every source: a projector needs effects, and a read model of its rows', () => {
    type Options = ProjectorOptions<CounterEvent, Row, never>;
    const rest = {
      projection,
      log: { read: async function* () {} },
      parkingLot: {} as Options['parkingLot'],
    };
    const readModel = new MemoryReadModel<Row, never, Lists>(projection);
    const other = new MemoryReadModel<{ readonly name: string }, never>({});
    const effects = simulatedEffects();
    new Projector({ ...rest, readModel, effects });
    // @ts-expect-error: no effects
    new Projector({ ...rest, readModel });
    // @ts-expect-error: rows of another type
    new Projector<CounterEvent, Row, never>({ ...rest, readModel: other, effects });
    expect(effects.delays).toEqual([]);
  });
});

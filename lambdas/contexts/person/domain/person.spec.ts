import { describe, expect, it } from '@jest/globals';
import { scenariosOf } from '../../../kernel/testing/index.ts';
import type { PersonEvent } from './events.ts';
import { person } from './person.ts';

const { given } = scenariosOf(person);
const now = '2026-01-02T03:04:05.678Z';
const held: PersonEvent = { type: 'Person:HoldPlaced', data: { at: now } };
const lifted: PersonEvent = { type: 'Person:HoldLifted', data: { at: now } };
const requested: PersonEvent = {
  type: 'Person:ErasureRequested',
  data: { legalGround: 'objection', at: now },
};
const erased: PersonEvent = { type: 'Person:Erased', data: { streams: 3, at: now } };

const hold = { type: 'PlaceHold', now } as const;
const lift = { type: 'LiftHold', now } as const;
const erase = { type: 'RequestErasure', legalGround: 'objection', now } as const;
const done = { type: 'RecordErased', streams: 3, now } as const;

describe('a hold', () => {
  it('is placed once, and again after it was lifted', () => {
    given().when(hold).thenEvents(held);
    given(held).when(hold).thenEvents();
    given(held, lifted).when(hold).thenEvents(held);
  });

  it('is lifted once', () => {
    given(held).when(lift).thenEvents(lifted);
    given().when(lift).thenRejected('person/not-held');
    given(held, lifted).when(lift).thenRejected('person/not-held');
  });

  it('is too late for a person who is being erased', () => {
    given(requested).when(hold).thenRejected('person/erasing');
    given(requested).when(lift).thenRejected('person/erasing');
    given(requested, erased).when(hold).thenRejected('person/erased');
    given(requested, erased).when(lift).thenRejected('person/erased');
  });
});

describe('an erasure', () => {
  it('is requested, with its ground', () => {
    given().when(erase).thenEvents(requested);
    given(held, lifted).when(erase).thenEvents(requested);
  });

  it('is refused during a hold', () => {
    given(held).when(erase).thenRejected('person/legal-hold');
  });

  it('is requested once: a second request has no effect, also with another ground', () => {
    const other = { ...erase, legalGround: 'legal-obligation' } as const;
    given(requested).when(erase).thenEvents();
    given(requested).when(other).thenEvents();
    given(requested, erased).when(erase).thenEvents();
  });

  it('ends once, and only if it was requested', () => {
    given(requested).when(done).thenEvents(erased);
    given(requested, erased).when(done).thenEvents();
    given().when(done).thenEvents();
    given(held).when(done).thenEvents();
  });
});

it('takes no damaged snapshot for a state', () => {
  expect(person.isState?.({ state: 'erased' })).toBe(true);
  for (const value of [undefined, {}, person.initialState()]) expect(person.isState?.(value)).toBe(false);
});

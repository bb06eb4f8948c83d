import { AssertionError } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import { type Decider, reject } from '../decider.ts';
import { scenariosOf } from './given-when-then.ts';

type Switched = { readonly type: 'Lamp:Switched'; readonly data: { readonly on: boolean } };

const lamp: Decider<boolean, 'on' | 'off' | 'blink', Switched> = {
  category: 'lamp',
  stateVersion: 1,
  initialState: () => false,
  evolve: (_state, event) => event.data.on,
  decide: (command, state) => {
    if (command === 'blink') return [switched(!state), switched(state)];
    if ((command === 'on') === state)
      return reject('refused', 'lamp/already', `The lamp is already ${command}.`);
    return [switched(!state)];
  },
};

function switched(on: boolean): Switched {
  return { type: 'Lamp:Switched', data: { on } };
}

describe('given/when/then', () => {
  const { given } = scenariosOf(lamp);

  it('passes for exactly the resulting events, rejection and state', () => {
    given().when('on').thenEvents(switched(true));
    given(switched(true)).when('blink').thenEvents(switched(false), switched(true));
    given(switched(true)).when('on').thenRejected('lamp/already');
    given(switched(true)).when('off').thenState(false);
  });

  it.each([
    ['fewer events than resulted', () => given().when('blink').thenEvents(switched(true))],
    ['more events than resulted', () => given().when('on').thenEvents(switched(true), switched(true))],
    ['another order', () => given().when('blink').thenEvents(switched(false), switched(true))],
    ['other data', () => given().when('on').thenEvents(switched(false))],
    ['events after a rejection', () => given(switched(true)).when('on').thenEvents(switched(true))],
    ['no events after a rejection', () => given(switched(true)).when('on').thenEvents()],
    ['a rejection after events', () => given().when('on').thenRejected('lamp/already')],
    ['another rejection', () => given(switched(true)).when('on').thenRejected('lamp/other')],
    ['another state', () => given().when('on').thenState(false)],
    ['a state after a rejection', () => given(switched(true)).when('on').thenState(true)],
  ])('fails on %s', (_name, check) => {
    expect(check).toThrow(AssertionError);
  });
});

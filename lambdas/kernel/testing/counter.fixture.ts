import * as z from 'zod';
import { type Decider, reject } from '../decider.ts';
import { defineEvents, type EventOf } from '../event-definitions.ts';

/** A small aggregate that uses every feature of the kernel. */
export const counterEvents = defineEvents({
  'Counter:Added': { schema: z.strictObject({ amount: z.number() }) },
  'Counter:Closed': { schema: z.strictObject({}) },
});

export type CounterEvent = EventOf<typeof counterEvents>;

export type CounterCommand =
  | { readonly type: 'Add'; readonly amount: number; readonly times?: number }
  | { readonly type: 'Close' };

export interface CounterState {
  readonly status: 'open' | 'closed';
  readonly total: number;
}

export const counter: Decider<CounterState, CounterCommand, CounterEvent> = {
  category: 'counter',
  stateVersion: 1,
  isState: (value) => ['open', 'closed'].includes((value as CounterState).status),
  initialState: () => ({ status: 'open', total: 0 }),
  evolve: (state, event) =>
    event.type === 'Counter:Added'
      ? { ...state, total: state.total + event.data.amount }
      : { ...state, status: 'closed' },
  decide: (command, state) => {
    if (command.type === 'Close')
      return state.status === 'closed' ? [] : [{ type: 'Counter:Closed', data: {} }];
    if (state.status === 'closed') return reject('refused', 'counter/closed', 'The counter is closed.');
    if (state.total + command.amount < 0)
      return reject('refused', 'counter/below-zero', 'The total stays positive.');
    return Array.from({ length: command.times ?? 1 }, () => ({
      type: 'Counter:Added' as const,
      data: { amount: command.amount },
    }));
  },
};

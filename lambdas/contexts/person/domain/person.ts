import * as z from 'zod';
import { type Decider, type Decision, reject } from '../../../kernel/index.ts';
import type { LegalGround, PersonEvent } from './events.ts';

/** The commands on a person. `now` is the time of the command: ISO 8601, UTC, ms. */
export type PersonCommand =
  | { readonly type: 'PlaceHold'; readonly now: string }
  | { readonly type: 'LiftHold'; readonly now: string }
  | { readonly type: 'RequestErasure'; readonly legalGround: LegalGround; readonly now: string }
  /** From the eraser, when nothing of the person is left. `streams`: how many it has erased. */
  | { readonly type: 'RecordErased'; readonly streams: number; readonly now: string };

/**
 * The states of a person. `held`: a legal hold forbids an erasure. `erasing`: an erasure was requested, and cannot be stopped.
 * `erased`: it is done.
 */
export const personStates = ['active', 'held', 'erasing', 'erased'] as const;

export type PersonState = (typeof personStates)[number];

/** `no-events`: the stream has no event. The index of persons says whether there is such a person. */
export interface Person {
  readonly state: PersonState | 'no-events';
}

/** The states after the first event, for {@link Decider.isState}. */
const existing = z.object({ state: z.enum(personStates) });

/** The rules of holds and erasures. */
export const person: Decider<Person, PersonCommand, PersonEvent> = {
  category: 'person',
  stateVersion: 1,
  isState: (value) => existing.safeParse(value).success,
  initialState: () => ({ state: 'no-events' }),
  evolve,
  decide,
};

function evolve(_before: Person, event: PersonEvent): Person {
  switch (event.type) {
    case 'Person:HoldPlaced':
      return { state: 'held' };
    case 'Person:HoldLifted':
      return { state: 'active' };
    case 'Person:ErasureRequested':
      return { state: 'erasing' };
    case 'Person:Erased':
      return { state: 'erased' };
    default: {
      const unknown: never = event;
      throw new TypeError(`Not a person event: ${(unknown as PersonEvent).type}`);
    }
  }
}

function decide(command: PersonCommand, { state }: Person): Decision<PersonEvent> {
  switch (command.type) {
    case 'PlaceHold':
      return placeHold(command.now, state);
    case 'LiftHold':
      return liftHold(command.now, state);
    case 'RequestErasure':
      return requestErasure(command, state);
    case 'RecordErased':
      if (state !== 'erasing') return [];
      return [{ type: 'Person:Erased', data: { streams: command.streams, at: command.now } }];
    default: {
      const unknown: never = command;
      throw new TypeError(`Not a person command: ${(unknown as PersonCommand).type}`);
    }
  }
}

function placeHold(at: string, state: Person['state']): Decision<PersonEvent> {
  if (state === 'held') return [];
  return unlessErasing(state) ?? [{ type: 'Person:HoldPlaced', data: { at } }];
}

function liftHold(at: string, state: Person['state']): Decision<PersonEvent> {
  if (state === 'held') return [{ type: 'Person:HoldLifted', data: { at } }];
  const detail = 'The person has no legal hold that could be lifted.';
  return unlessErasing(state) ?? reject('refused', 'person/not-held', detail);
}

/** A second request has no effect, whatever its ground: the first one is being carried out. */
function requestErasure(
  { legalGround, now }: Extract<PersonCommand, { type: 'RequestErasure' }>,
  state: Person['state'],
): Decision<PersonEvent> {
  if (state === 'erasing' || state === 'erased') return [];
  if (state === 'held') {
    const detail = 'The person has a legal hold: the data must be kept. Lift the hold first.';
    return reject('refused', 'person/legal-hold', detail);
  }
  return [{ type: 'Person:ErasureRequested', data: { legalGround, at: now } }];
}

function unlessErasing(state: Person['state']): ReturnType<typeof reject> | undefined {
  if (state === 'erasing')
    return reject('refused', 'person/erasing', 'The erasure of the person has begun and cannot be stopped.');
  if (state === 'erased') return reject('refused', 'person/erased', 'The person is erased: nothing is left.');
  return undefined;
}

import type { ListOf } from '../../../../schema/contexts.ts';
import { idOfStream, type Projection } from '../../../kernel/index.ts';
import { type LegalGround, type PersonEvent, personEvents } from '../domain/events.ts';
import type { PersonState } from '../domain/person.ts';

/** The hold and the erasure of a person, as queries see them. A person who never had one has no row. */
export interface PersonRow {
  readonly id: string;
  readonly state: PersonState;
  /** When the state began. */
  readonly since: string;
  /** Why the person is erased. The three fields below are absent before the erasure is requested. */
  readonly legalGround?: LegalGround;
  readonly requestedAt?: string;
  readonly erasedAt?: string;
  /** How many streams were erased. */
  readonly erasedStreams?: number;
}

/** The read model of holds and erasures. */
export const personProjection: Projection<PersonEvent, PersonRow, never, ListOf<'person'>> = {
  name: 'person',
  category: 'person',
  events: personEvents,
  project: (before, event) => {
    const row = { ...before, id: idOfStream(event.stream), since: event.data.at };
    switch (event.type) {
      case 'Person:HoldPlaced':
        return { row: { ...row, state: 'held' } };
      case 'Person:HoldLifted':
        return { row: { ...row, state: 'active' } };
      case 'Person:ErasureRequested': {
        const { legalGround, at } = event.data;
        return { row: { ...row, state: 'erasing', legalGround, requestedAt: at } };
      }
      case 'Person:Erased': {
        const { streams, at } = event.data;
        return { row: { ...row, state: 'erased', erasedAt: at, erasedStreams: streams } };
      }
      default: {
        const unknown: never = event;
        throw new TypeError(`Not a person event: ${(unknown as PersonEvent).type}`);
      }
    }
  },
  listKeys: ({ id, state, since }) => ({ byState: `${stateKey(state)}${since}#${id}` }),
};

/** The keys of all persons in this state begin with it. */
export function stateKey(state: PersonState): string {
  return `${state}#`;
}

export default personProjection;

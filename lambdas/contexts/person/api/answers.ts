import * as z from 'zod';
import { defineResource, instantField } from '../../../http/resource.ts';
import { legalGrounds } from '../domain/events.ts';
import { type Person, type PersonState, personStates } from '../domain/person.ts';
import { type PersonRow, personProjection } from '../read-model/projection.ts';

const state = z.enum(personStates).meta({
  description:
    '`held`: a legal hold forbids an erasure. `erasing`: an erasure was requested, and is being carried out. `erased`: nothing is left.',
});

/** The fields about the erasure. They are absent before it is requested; the last two, before it is done. */
const erasure = {
  legalGround: z.enum(legalGrounds).optional(),
  requestedAt: instantField.optional(),
  erasedAt: instantField.optional(),
  erasedStreams: z.int().optional().meta({ description: 'How many streams of the person were erased.' }),
};

/** How the API shows the hold and the erasure of a person. */
export const persons = defineResource({
  projection: personProjection,
  path: '/persons',
  noun: 'person',
  answer: { state },
  fields: { state, since: instantField.meta({ description: 'When the state began.' }), ...erasure },
  view: ({ id: _, ...row }: PersonRow) => row,
});

/** One person, with a page of the streams. */
export const personSchema = z.object({
  id: z.string().meta({
    description: 'The id to use. It is another than that of the request if both are the same person.',
  }),
  version: z
    .int()
    .min(0)
    .meta({ description: 'Version of the stream of the person. 0: there was never a hold or an erasure.' }),
  state,
  since: instantField.optional().meta({ description: 'When the state began. Absent with version 0.' }),
  ...erasure,
  streams: z.array(z.string()).meta({ description: 'Streams with data of the person, up to 100.' }),
  next: z.string().optional().meta({
    description: 'Send it as `cursor` to get the next streams. Absent on the last page, which can be empty.',
  }),
});

/** What a search finds. */
export const foundSchema = z.object({
  persons: z.array(z.object({ id: z.string() })).meta({ description: 'At most 100.' }),
});

/** The part of a command's answer that comes from the state. */
export interface PersonAnswer {
  readonly state: PersonState;
}

/** What a command answers. */
export function personAnswer({ state: now }: Person): PersonAnswer {
  return { state: now === 'no-events' ? 'active' : now };
}

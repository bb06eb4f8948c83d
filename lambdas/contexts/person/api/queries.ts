import * as z from 'zod';
import type { ListOf } from '../../../../schema/contexts.ts';
import { pageQuery, positionOf } from '../../../http/pagination.ts';
import { queryRoutes } from '../../../http/query-routes.ts';
import { idOf, notFoundProblem, type ReadSide, readsOf, scopesOf } from '../../../http/resource.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import { keysWithPrefix, rowNow, streamName } from '../../../kernel/index.ts';
import type { TenantPersons } from '../../person-search.ts';
import { personStates } from '../domain/person.ts';
import { type PersonRow, stateKey } from '../read-model/projection.ts';
import { foundSchema, personSchema, persons } from './answers.ts';
import { knownPerson } from './known-person.ts';
import { searchRequest } from './requests.ts';

/** What the queries of persons need. */
export interface PersonReadSide extends ReadSide<PersonRow, never, ListOf<'person'>> {
  readonly persons: TenantPersons;
}

const { category, path } = persons;
const access = scopesOf(category).read;

/** The routes that find and read persons. */
export function personQueries(side: PersonReadSide): Route[] {
  const { page } = queryRoutes(persons, side);
  return [
    searchPersons(side),
    getPerson(side),
    page({
      operationId: 'listPersons',
      summary: 'Persons with a hold or an erasure, by state, those first that have it the longest',
      description: 'Persons who never had one are not listed: search for them.',
      query: { state: z.enum(personStates).optional() },
      scope: ({ state }) => `state=${state ?? ''}`,
      list: ({ state }) => ({ list: 'byState', ...(state && keysWithPrefix(stateKey(state))) }),
      matches: (row, { state }) => state === undefined || row.state === state,
    }),
  ];
}

function searchPersons({ persons: index }: PersonReadSide): Route {
  return defineRoute({
    method: 'POST',
    readsOnly: true,
    path: `${path}/search`,
    tags: [category],
    access,
    reads: {
      answer: (body) =>
        (body as z.output<typeof foundSchema>).persons.map(({ id }) => streamName(category, id)),
    },
    operationId: 'searchPersons',
    summary: 'Find a person by an identifier',
    description:
      'Upper and lower case and white space do not count. Without `birthDate`, all persons who were entered with the identifier are found. ' +
      'A person is found within seconds after their identifier was entered, and no more once the erasure has begun.',
    body: searchRequest,
    answers: {
      200: { description: 'The persons who were found, possibly none.', schema: foundSchema },
    },
    handle: async ({ body: { identifier, birthDate } }) => {
      const found = await index.search({ identifier, ...(birthDate !== undefined && { birthDate }) });
      return {
        status: 200 as const,
        headers: { 'cache-control': 'no-store' },
        body: { persons: found.map((id) => ({ id })) },
      };
    },
  });
}

function getPerson(side: PersonReadSide): Route {
  const { cursors, persons: index } = side;
  const onePath = `${path}/{id}` as const;
  return defineRoute({
    method: 'GET',
    path: onePath,
    tags: [category],
    access,
    reads: {
      ...(readsOf(persons, onePath) as object),
      answer: (body) => {
        const { id, streams } = body as z.output<typeof personSchema>;
        return [streamName(category, id), ...streams];
      },
    },
    operationId: 'getPerson',
    summary: 'A person: hold, erasure, and the streams with data of the person',
    description: 'A stream is listed within seconds after the patient was entered.',
    ...idOf(persons),
    query: z.object({ cursor: pageQuery.cursor }),
    answers: { 200: { description: 'The person.', schema: personSchema } },
    problems: notFoundProblem(persons),
    handle: async ({ params: { id }, query: { cursor } }) => {
      const { personId } = await knownPerson(index, id);
      const scope = `${path}/${personId}/streams`;
      const after = positionOf(cursors, scope, cursor);
      const [{ streams, next }, found] = await Promise.all([
        index.streamsOf(personId, after),
        // Fresh: the next step of the caller may be an erasure.
        rowNow(side, persons.projection, personId, true),
      ]);
      const { row, version = 0 } = found ?? {};
      return {
        status: 200 as const,
        body: {
          ...(row ?? { state: 'active' as const }),
          id: personId,
          version,
          streams,
          ...(next !== undefined && { next: cursors.encode(scope, next) }),
        },
      };
    },
  });
}

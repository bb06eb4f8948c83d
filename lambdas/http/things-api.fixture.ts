import { z } from 'zod';
import { EventSourcingError } from '../kernel/index.ts';
import type { HttpRequest } from './messages.ts';
import { rejectionProblem } from './problem.ts';
import { defineRoute } from './route.ts';
import { testApi } from './testing.ts';

export const about = { access: 'any-caller', operationId: 'o', summary: 's' } as const;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const lambdaMaxBytes = 6 * 1024 * 1024;
export const anything = { 200: { description: 'Done.', schema: z.unknown() } } as const;
export const seen: HttpRequest[] = [];

export const routes = [
  defineRoute({
    ...about,
    method: 'POST',
    path: '/things/{id}/parts',
    params: z.object({ id: z.string().regex(/^[a-z\d-]{1,20}$/, 'Expected an id') }),
    body: z.object({ amount: z.union([z.number(), z.string()]), tags: z.array(z.string()).optional() }),
    answers: { 201: { description: 'Added.', schema: z.unknown(), headers: { etag: 'The version.' } } },
    handle: (request) => {
      seen.push(request);
      return { status: 201, headers: { etag: '"1"' }, body: { id: request.params.id, ...request.body } };
    },
  }),
  defineRoute({
    ...about,
    method: 'GET',
    path: '/things/{id}',
    params: z.object({ id: z.string() }),
    query: z.object({ limit: z.string().regex(/^\d+$/).optional() }),
    answers: { 200: anything[200], 304: { description: 'Not modified.' } },
    handle: ({ params, query, headers }) =>
      headers['if-none-match'] === '"1"'
        ? { status: 304, headers: { etag: '"1"' } }
        : { status: 200, headers: { etag: '"1"' }, body: { ...params, ...query } },
  }),
  defineRoute({
    ...about,
    method: 'GET',
    path: '/things',
    answers: anything,
    handle: () => ({ status: 200, body: [] }),
  }),
  defineRoute({
    ...about,
    method: 'DELETE',
    path: '/things/{id}',
    params: z.object({ id: z.string() }),
    answers: anything,
    handle: ({ params }) => {
      const thrown = thrownById[params.id];
      if (thrown === undefined) return { status: 200, body: {} };
      throw thrown();
    },
  }),
];

export const thrownById: Readonly<Record<string, () => unknown>> = {
  rejected: () => rejectionProblem({ kind: 'refused', code: 'things/busy', detail: 'It is busy.' }),
  mismatch: () => new EventSourcingError('version-mismatch', 'things/1', 'secret'),
  throttled: () => Object.assign(new Error('secret'), { name: 'ThrottlingException' }),
  bug: () => new TypeError('secret'),
  uri: () => new URIError('secret'),
  nothing: () => undefined,
  bare: () => Object.create(null),
};

export const call = testApi(routes);
export const partsPath = '/things/a-1/parts';
export const callersId = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
export const jsonType = { 'content-type': 'application/json' };

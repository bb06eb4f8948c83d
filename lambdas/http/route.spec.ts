import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineRoute } from './route.ts';
import { testApi } from './testing.ts';

const about = {
  operationId: 'o',
  summary: 's',
  answers: { 200: { description: 'Done.', schema: z.unknown() } },
} as const;

describe('defineRoute', () => {
  it('refuses a path and params that name different parameters', () => {
    const declare = (path: `/${string}`, params: z.ZodObject) =>
      defineRoute({ ...about, method: 'GET', path, params, handle: () => ({ status: 200, body: null }) });
    expect(() => declare('/a/{id}', z.object({ key: z.string() }))).toThrow('/a/{id}');
    expect(() => declare('/a', z.object({ id: z.string() }))).toThrow('/a');
    expect(() => declare('/a/{id}/{b}', z.object({ b: z.string(), id: z.string() }))).not.toThrow();
  });

  it('makes a body optional whose schema takes none', async () => {
    const call = testApi([
      defineRoute({
        ...about,
        method: 'POST',
        path: '/a',
        body: z.object({ reason: z.string() }).optional(),
        handle: ({ body }) => ({ status: 200, body: body?.reason ?? 'none' }),
      }),
    ]);
    expect(await call('POST', '/a')).toMatchObject({ status: 200, body: 'none' });
    expect(await call('POST', '/a', { json: { reason: 'r' } })).toMatchObject({ status: 200, body: 'r' });
    expect(await call('POST', '/a', { json: {} })).toMatchObject({ status: 400 });
    expect(await call('POST', '/a', { json: { reason: 'r', other: 1 } })).toMatchObject({ status: 400 });
  });

  it('bounds the body by what the route says', async () => {
    const call = testApi([
      defineRoute({
        ...about,
        method: 'POST',
        path: '/a',
        maxBodyBytes: 10,
        body: z.string(),
        handle: ({ body }) => ({ status: 200, body }),
      }),
    ]);
    expect(await call('POST', '/a', { json: '12345678' })).toMatchObject({ status: 200 });
    expect(await call('POST', '/a', { json: '123456789' })).toMatchObject({ status: 413 });
  });
});

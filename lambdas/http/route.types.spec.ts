import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { defineRoute } from './route.ts';

const about = { method: 'GET', access: 'open', operationId: 'o', summary: 's' } as const;
const row = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().optional() });
const answers = { 200: { description: 'ok', schema: row }, 304: { description: 'same' } } as const;

describe('the types of a route', () => {
  it('of params, query and body are those of their schemas', () => {
    const route = defineRoute({
      ...about,
      path: '/a/{id}',
      params: z.object({ id: z.string() }),
      query: z.object({ limit: z.string().transform(Number) }),
      body: z.object({ amount: z.number() }).optional(),
      answers,
      handle: async ({ params, query, body }) => {
        const id: string = params.id;
        const limit: number = query.limit;
        const amount: number | undefined = body?.amount;
        // @ts-expect-error no such parameter
        params.other;
        return { status: 200, body: { items: [{ id: `${id}${limit}${amount}` }] } };
      },
    });
    expect(route.bodyRequired).toBe(false);
  });

  it('of a raw body are bytes', () => {
    const route = defineRoute({
      ...about,
      path: '/a',
      rawBody: { contentTypes: ['image/png'], maxBytes: 10 },
      answers,
      handle: ({ body }) => {
        const bytes: Uint8Array = body;
        // @ts-expect-error it is not text
        const text: string = body;
        return { status: 200, body: { items: [{ id: `${bytes.byteLength}${text}` }] } };
      },
    });
    expect(route.bodyRequired).toBe(true);
  });

  it('allow only the documented answers', () => {
    const items: readonly { readonly id: string }[] = [];
    defineRoute({ ...about, path: '/a', answers, handle: () => ({ status: 200, body: { items } }) });
    defineRoute({
      ...about,
      path: '/a',
      answers,
      handle: async () => ({ status: 304, headers: { etag: '"1"' } }),
    });
    defineRoute({
      ...about,
      path: '/a',
      answers,
      handle: async ({ headers }) => (headers['x'] ? { status: 304 } : { status: 200, body: { items } }),
    });
    defineRoute({
      ...about,
      path: '/a',
      answers,
      handle: async ({ headers }) => ({ status: 200, body: headers['x'] ? { items, next: 'n' } : { items } }),
    });
    defineRoute({
      ...about,
      path: '/a',
      query: z.object({ limit: z.string().default('1') }),
      answers,
      handle: async ({ query: { limit } }) => {
        const page = await Promise.resolve({ items, next: limit });
        return { status: 200, body: { ...page } };
      },
    });
    const wrong = { ...about, path: '/a', answers } as const;
    // @ts-expect-error 201 is not documented
    defineRoute({ ...wrong, handle: () => ({ status: 201, body: { items } }) });
    // @ts-expect-error the body is not the documented one
    defineRoute({ ...wrong, handle: async () => ({ status: 200, body: { items: [{ id: 1 }] } }) });
    // @ts-expect-error 304 has no body
    defineRoute({ ...wrong, handle: async () => ({ status: 304, body: { items } }) });
    // @ts-expect-error 200 has one
    defineRoute({ ...wrong, handle: async () => ({ status: 200 }) });
    expect(true).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { personal } from '../kernel/index.ts';
import { defineRoute } from './route.ts';
import { testApi } from './testing.ts';

const about = {
  access: 'any-caller',
  operationId: 'o',
  summary: 's',
  answers: { 200: { description: 'Done.', schema: z.unknown() } },
} as const;

describe('defineRoute', () => {
  it('refuses different parameters in path and params', () => {
    const declare = (path: `/${string}`, params: z.ZodObject) =>
      defineRoute({ ...about, method: 'GET', path, params, handle: () => ({ status: 200, body: null }) });
    expect(() => declare('/a/{id}', z.object({ key: z.string() }))).toThrow('/a/{id}');
    expect(() => declare('/a', z.object({ id: z.string() }))).toThrow('/a');
    expect(() => declare('/a/{id}/{b}', z.object({ b: z.string(), id: z.string() }))).not.toThrow();
  });

  it('makes a body optional if its schema accepts undefined', async () => {
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

  it('limits the body to the route’s maximum size', async () => {
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

  it('passes a raw body to the handler as bytes, for the types that it accepts', async () => {
    const call = testApi([
      defineRoute({
        ...about,
        method: 'PUT',
        path: '/a',
        rawBody: { contentTypes: ['image/png'], maxBytes: 4 },
        handle: ({ body }) => ({ status: 200, body: [...body] }),
      }),
    ]);
    const put = (bytes: number[], headers: Record<string, string>) =>
      call('PUT', '/a', { headers, body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true });
    expect(await put([0, 255, 7], {})).toMatchObject({ status: 200, body: [0, 255, 7] });
    expect(await put([1], { 'content-type': 'image/png' })).toMatchObject({ status: 200, body: [1] });
    expect(await put([1], { 'content-type': 'application/json' })).toMatchObject({ status: 415 });
    expect(await put([1, 2, 3, 4, 5], {})).toMatchObject({ status: 413 });
    expect(await put([], {})).toMatchObject({ status: 400 });
  });

  it('refuses a route with both body and rawBody', () => {
    expect(() =>
      defineRoute({
        ...about,
        method: 'PUT',
        path: '/a',
        body: z.string(),
        rawBody: { contentTypes: ['image/png'], maxBytes: 4 },
        handle: () => ({ status: 200, body: null }),
      }),
    ).toThrow('/a');
  });

  it('does not quote a body with personal data', async () => {
    const secret = 'Quackenbush';
    const fields = { pet: z.object({ name: z.string().max(3) }).array(), chip: z.string().max(3) };
    const marked = z.object({ ...fields, chip: personal(fields.chip) });
    const call = testApi(
      [z.object(fields), marked, marked.optional()].map((body, index) =>
        defineRoute({
          ...about,
          operationId: `o${index}`,
          method: 'POST',
          path: `/${index}`,
          body,
          handle: () => ({ status: 200, body: null }),
        }),
      ),
    );
    const said = async (path: string, body: string) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await call('POST', path, { headers, body });
      expect(answer.status).toBe(400);
      return JSON.stringify(answer.body);
    };
    for (const [body, quoted] of [
      [`{"${secret}":1}`, secret],
      ['{"chip":735118446744073709551617}', '73511844'],
    ] as const) {
      expect(await said('/0', body)).toContain(quoted);
      expect(await said('/1', body)).not.toContain(quoted);
      expect(await said('/2', body)).not.toContain(quoted);
    }
  });
});

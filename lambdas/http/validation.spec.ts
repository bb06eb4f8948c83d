import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { HttpProblem } from './problem.ts';
import { parseBody, parseParams, parseQuery, strictly } from './validation.ts';

function caught(action: () => unknown): HttpProblem {
  try {
    action();
  } catch (error) {
    return error as HttpProblem;
  }
  throw new Error('Nothing was thrown');
}

describe('parseQuery', () => {
  const schema = z.strictObject({
    a: z.string().optional(),
    b: z.string().regex(/^\d+$/, 'Expected digits').optional(),
  });

  it.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=x+y%20z%3D', { a: 'x y z=' }],
    ['a=1=2', { a: '1=2' }],
    ['a', { a: '' }],
    ['&a=1&', { a: '1' }],
  ])('reads %j', (raw, query) => {
    expect(parseQuery(schema, raw)).toEqual(query);
  });

  it.each([
    ['c=1', [{ parameter: 'c', detail: 'Unknown parameter.' }]],
    ['a=1&a=1', [{ parameter: 'a', detail: 'Duplicate parameter.' }]],
    ['b=x', [{ parameter: 'b', detail: 'Expected digits.' }]],
    ['__proto__=1', [{ parameter: '__proto__', detail: 'Unknown parameter.' }]],
    ['a=%', []],
    ['a=%ff', []],
  ])('refuses %j', (raw, errors) => {
    expect(caught(() => parseQuery(schema, raw))).toMatchObject({
      code: 'invalid-query',
      status: 400,
      errors,
    });
  });
});

describe('parseParams', () => {
  it('names the parameter', () => {
    const problem = caught(() =>
      parseParams(z.object({ id: z.string().max(3, 'Too long') }), { id: 'long' }),
    );
    expect(problem).toMatchObject({
      code: 'invalid-path-parameter',
      status: 400,
      message: 'The path, at "id": Too long.',
    });
  });
});

describe('parseBody', () => {
  const schema = strictly(
    z.object({ a: z.strictObject({ 'b/c': z.number() }), d: z.array(z.string()).optional() }),
  );

  it('points at every error', () => {
    const problem = caught(() => parseBody(schema, { a: { 'b/c': 'x', e: 1 }, d: ['', 1], f: 1 }));
    expect(problem).toMatchObject({ code: 'invalid-body', status: 400 });
    expect(problem.errors.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/a/b~1c',
      '/a/e',
      '/d/1',
      '/f',
    ]);
    expect(problem.message).toMatch(/^The body, at "[^"]+": .+\. 3 more in "errors"\.$/);
  });

  it('does not accept fields of a prototype as fields of the body', () => {
    const body = JSON.parse('{"a":{"b/c":1},"__proto__":{"d":["x"]}}');
    expect(caught(() => parseBody(schema, body)).errors).toEqual([
      { pointer: '/__proto__', detail: 'Unknown field.' },
    ]);
  });

  it('limits the number of errors and the length of names', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`${n}-${'x'.repeat(500)}`, 1]));
    const { errors } = caught(() => parseBody(schema, { a: { 'b/c': 'x' }, ...many }));
    expect(errors).toHaveLength(20);
    expect(JSON.stringify(errors).length).toBeLessThan(4_000);
  });

  it('reports the errors of the union’s option that matched deepest', () => {
    const union = z.union([z.string(), z.object({ kind: z.literal('x'), n: z.number() })]);
    expect(caught(() => parseBody(z.object({ u: union }), { u: { kind: 'x', n: 'y' } })).errors).toEqual([
      { pointer: '/u/n', detail: 'Invalid input: expected number, received string.' },
    ]);
  });

  it('reports what each option of a union expects if none matched deeper', () => {
    expect(
      caught(() => parseBody(z.object({ u: z.union([z.string(), z.number()]) }), { u: true })).message,
    ).toBe(
      'The body, at "/u": Invalid input: expected string, received boolean; or: Invalid input: expected number, received boolean.',
    );
  });

  it('keeps a union’s own message', () => {
    const amount = z.union([z.string(), z.number()], { error: 'Expected an amount' });
    expect(caught(() => parseBody(amount, true)).message).toBe('The body: Expected an amount.');
  });
});

describe('strictly', () => {
  it('makes an object schema strict only if it does not define how to treat unknown fields', () => {
    expect(strictly(z.object({})).safeParse({ a: 1 }).success).toBe(false);
    expect(strictly(z.object({}).optional()).safeParse({ a: 1 }).success).toBe(false);
    expect(strictly(z.object({}).optional()).safeParse(undefined).success).toBe(true);
    expect(strictly(z.looseObject({})).safeParse({ a: 1 }).success).toBe(true);
    expect(strictly(z.record(z.string(), z.number())).safeParse({ a: 1 }).success).toBe(true);
  });
});

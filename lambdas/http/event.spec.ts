import { describe, expect, it } from '@jest/globals';
import { correlationIdOf, normalizeEvent, requestContextOf } from './event.ts';

const event = (parts: object = {}) => ({
  version: '2.0',
  rawPath: '/ledger',
  requestContext: { http: { method: 'GET' } },
  ...parts,
});
const instant = '2026-01-02T03:04:05.678Z';
const validTraceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('normalizeEvent', () => {
  it('adds the parts that an event written by hand omits', () => {
    expect(normalizeEvent(event())).toEqual({
      method: 'GET',
      path: '/ledger',
      rawQuery: '',
      headers: {},
      body: undefined,
      isBase64Encoded: false,
      requestId: undefined,
      authorizer: {},
    });
  });

  it('accepts an event without a version', () => {
    expect(normalizeEvent({ rawPath: '/', requestContext: { http: { method: 'get' } } }).method).toBe('GET');
  });

  it('converts header names to lower case, joins repeated headers and omits values that are not strings', () => {
    const headers = { 'X-A': ' 1 ', 'x-a': '2', 'X-B': 3, 'X-C': null, __proto__: 'x' };
    expect({ ...normalizeEvent(event({ headers })).headers }).toEqual({ 'x-a': '1,2' });
  });

  it('reads queryStringParameters if there is no raw query', () => {
    const queryStringParameters = { a: '1 2', b: 3 };
    expect(normalizeEvent(event({ queryStringParameters })).rawQuery).toBe('a=1+2');
    expect(normalizeEvent(event({ queryStringParameters, rawQueryString: 'c=4' })).rawQuery).toBe('c=4');
  });

  it('does not change a path, except for lone surrogates', () => {
    const { path } = normalizeEvent(event({ rawPath: '/a?b#c\\d\ne \ud800%2f' }));
    expect(path).toBe('/a?b#c\\d\ne \ufffd%2f');
  });

  it.each([
    null,
    undefined,
    '',
    'event',
    7,
    [],
    {},
    { Records: [{ kinesis: {} }] },
    { httpMethod: 'GET', path: '/ledger', requestContext: {} },
    event({ version: '1.0' }),
    event({ rawPath: undefined }),
    event({ rawPath: 'ledger' }),
    event({ rawPath: '' }),
    event({ requestContext: null }),
    event({ requestContext: { http: 'GET' } }),
    event({ requestContext: { http: { method: 1 } } }),
    event({ body: { amount: 34 } }),
    event({ body: 34 }),
  ])('refuses %j', (wrong) => {
    expect(() => normalizeEvent(wrong)).toThrow(
      expect.objectContaining({ code: 'invalid-event', status: 400 }),
    );
  });
});

it('refuses a path that is too long', () => {
  const path = `/${'a'.repeat(3_000)}`;
  expect(() => normalizeEvent(event({ rawPath: path }))).toThrow(
    expect.objectContaining({ code: 'invalid-path', status: 400 }),
  );
});

describe('correlationIdOf', () => {
  const requestContext = { http: { method: 'GET' }, requestId: 'JKJaXmPLvHcESHA=' };
  const idOf = (id: string) =>
    correlationIdOf(normalizeEvent(event({ headers: { 'x-correlation-id': id }, requestContext })));

  it.each(['a', 'order-7:retry.2', 'a/b+c=', 'x'.repeat(128)])('uses the caller’s %j', (id) => {
    expect(idOf(id)).toBe(id);
  });

  it.each(['', 'x'.repeat(129), 'a b', 'a\r\nb', '<script>', '"a"', 'é'])(
    'uses the id of API Gateway instead of %j',
    (id) => {
      expect(idOf(id)).toBe('JKJaXmPLvHcESHA=');
    },
  );

  it('creates a new id if there is none', () => {
    const made = [correlationIdOf(normalizeEvent(event())), correlationIdOf(normalizeEvent(event()))];
    expect(made[0]).toMatch(/^[\da-f-]{36}$/);
    expect(made[0]).not.toBe(made[1]);
  });
});

describe('requestContextOf', () => {
  const contextOf = (parts: object) => requestContextOf(normalizeEvent(event(parts)), 'c', instant);
  const authorized = (authorizer: unknown) =>
    contextOf({ requestContext: { http: { method: 'GET' }, authorizer } }).actor;

  it('has at least the correlation id and the instant', () => {
    expect(contextOf({})).toEqual({ correlationId: 'c', now: instant });
  });

  it.each([
    [{ jwt: { claims: { sub: 'user-1' } } }, 'user-1'],
    [{ iam: { userArn: 'arn:aws:iam::1:user/u' } }, 'arn:aws:iam::1:user/u'],
    [{ jwt: { claims: { sub: 's'.repeat(1_000) } } }, 's'.repeat(256)],
    [{ jwt: { claims: { sub: '' } } }, undefined],
    [{ jwt: { claims: null } }, undefined],
    [{ lambda: { sub: 'x' } }, undefined],
    ['admin', undefined],
  ])('reads the actor of %j', (authorizer, actor) => {
    expect(authorized(authorizer)).toBe(actor);
  });

  it('keeps a valid traceparent and ignores any other', () => {
    expect(contextOf({ headers: { traceparent: validTraceparent } }).traceparent).toBe(validTraceparent);
    for (const wrong of [
      '',
      'x',
      validTraceparent.toUpperCase(),
      `${validTraceparent}-x`,
      validTraceparent.replace(/7|b/g, ''),
    ]) {
      expect(contextOf({ headers: { traceparent: wrong } })).not.toHaveProperty('traceparent');
    }
  });
});

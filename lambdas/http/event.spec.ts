import { describe, expect, it } from '@jest/globals';
import { correlationIdOf, normalizeEvent, requestContextOf, traceparentIn } from './event.ts';

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
      authorizer: undefined,
      fromGateway: false,
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
  const uuid = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
  const anyUuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  const idOf = (id: string) =>
    correlationIdOf(normalizeEvent(event({ headers: { 'x-correlation-id': id }, requestContext })));

  it.each([uuid, uuid.toUpperCase(), '00000000-0000-0000-0000-000000000000'])(
    'uses the caller’s %j',
    (id) => {
      expect(idOf(id)).toBe(id);
    },
  );

  it.each([
    '',
    'jane.doe@example.com',
    'Jane-Doe-1984-02-29',
    '735118446744',
    'JKJaXmPLvHcESHA=',
    'Root=1-5759e988-bd862e3fe1be46a994272793',
    uuid.replaceAll('-', ''),
    `{${uuid}}`,
    `urn:uuid:${uuid}`,
    `${uuid}-jane`,
    `${uuid},${uuid}`,
    `jane\n${uuid}`,
    uuid.replace('7', 'g'),
  ])('creates a UUID instead of %j, and does not use the request id', (id) => {
    const used = idOf(id);
    expect(used).toMatch(anyUuid);
    expect(used).not.toBe(id);
  });

  it('creates a new id if there is none', () => {
    const made = [correlationIdOf(normalizeEvent(event())), correlationIdOf(normalizeEvent(event()))];
    expect(made[0]).toMatch(anyUuid);
    expect(made[0]).not.toBe(made[1]);
  });
});

describe('requestContextOf', () => {
  const contextOf = (parts: object) => requestContextOf(normalizeEvent(event(parts)), 'c', instant);

  it('has at least the correlation id and the instant', () => {
    expect(contextOf({})).toEqual({ correlationId: 'c', now: instant });
  });

  it('keeps a valid traceparent and ignores any other', () => {
    expect(contextOf({ headers: { traceparent: validTraceparent } }).traceparent).toBe(validTraceparent);
    for (const wrong of [
      '',
      'x',
      validTraceparent.toUpperCase(),
      `${validTraceparent}-x`,
      `${validTraceparent},${validTraceparent}`,
      validTraceparent.replace('00-', 'ff-'),
      validTraceparent.replace(/7|b/g, ''),
    ]) {
      expect(contextOf({ headers: { traceparent: wrong } })).not.toHaveProperty('traceparent');
    }
  });

  it('hands on a traceparent of a later version, or with unknown flags, as version 00', () => {
    for (const later of [
      validTraceparent.replace('00-', '01-'),
      `${validTraceparent.replace('00-', 'fe-')}-more`,
      validTraceparent.replace(/01$/, 'ff'),
    ]) {
      expect(contextOf({ headers: { traceparent: later } }).traceparent).toBe(validTraceparent);
    }
  });

  it('takes a header that is sent twice for malformed', () => {
    const headers = { traceparent: validTraceparent, Traceparent: validTraceparent };
    expect(contextOf({ headers })).not.toHaveProperty('traceparent');
    expect(traceparentIn(event({ headers }))).toBe(`${validTraceparent},${validTraceparent}`);
  });
});

import { describe, expect, it } from '@jest/globals';
import { closedPolicy, type GuardPolicy, refusalOf } from './request-guard.ts';
import type { GuardedRequest } from './request-target.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

const host = 'localhost:3000';

function request(headers: Headers = {}, more: Partial<GuardedRequest> = {}): GuardedRequest {
  const all = Object.entries({ host, ...headers }).map(([name, value]) => [name, [value].flat()]);
  return {
    method: 'GET',
    url: '/dispenses?limit=1',
    httpVersion: '1.1',
    headers: { host },
    headersDistinct: Object.fromEntries(all),
    ...more,
  };
}

const statusOf = (headers: Headers, more?: Partial<GuardedRequest>, policy: GuardPolicy = closedPolicy) =>
  refusalOf(request(headers, more), policy)?.statusCode;

describe('the guard, by the host of a request', () => {
  it.each([
    'localhost',
    'LOCALHOST:3000',
    'localhost:',
    'my.bucket.localhost:4566',
    '127.0.0.1:3000',
    '127.9.8.7',
    '[::1]:3000',
  ])('admits %s', (name) => expect(statusOf({ host: name })).toBeUndefined());

  it.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    'evillocalhost',
    '127.0.0.1.evil.example',
    '127.1',
    '0.0.0.0:3000',
    '10.0.0.1',
    '[::2]',
  ])('does not answer for %s', (name) => expect(statusOf({ host: name })).toBe(421));

  it.each([[[host, host]], [[]], [''], ['local host'], ['localhost/'], ['me@localhost'], ['localhost:x']])(
    'refuses %j as malformed',
    (value) => expect(statusOf({ host: value })).toBe(400),
  );

  it('admits HTTP/1.0 without a host', () =>
    expect(statusOf({ host: [] }, { httpVersion: '1.0' })).toBeUndefined());
});

describe('the guard, by the form of the target', () => {
  it('admits an absolute URL as if it were a path, and its authority replaces Host', () => {
    const absolute = request({ host: 'evil.example' }, { url: 'HTTP://127.0.0.1:3000?x=/' });
    expect(refusalOf(absolute, closedPolicy)).toBeUndefined();
    expect(absolute).toMatchObject({ url: '/?x=/', headers: { host: '127.0.0.1:3000' } });
    expect(absolute.headersDistinct['host']).toEqual(['127.0.0.1:3000']);
  });

  it.each([
    ['http://evil.example/', 421],
    ['https://localhost/', 421],
    ['http://me@localhost/', 400],
    ['http:///x', 400],
    ['/x#y', 400],
    ['x', 400],
    ['*', 400],
  ])('refuses %s with %i', (url, status) => expect(statusOf({}, { url })).toBe(status));

  it.each(['*', 'http://localhost'])('admits OPTIONS of the whole server: %s', (url) => {
    const options = request({}, { method: 'OPTIONS', url });
    expect(refusalOf(options, closedPolicy)).toBeUndefined();
    expect(options.url).toBe('*');
  });
});

describe('the guard, by the page that sends a request', () => {
  const app = 'http://localhost:5173';
  const named: GuardPolicy = { ...closedPolicy, allowsOrigin: (origin) => origin === app };

  it.each([
    [{}],
    [{ 'sec-fetch-site': 'none' }],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://forwarded.example' }],
    [{ origin: `http://${host}` }],
    [{ 'sec-fetch-site': 'same-origin', 'sec-purpose': 'prefetch', referer: `http://${host}/` }],
  ])('admits %j', (headers) => expect(statusOf(headers)).toBeUndefined());

  it('admits the own origin at port 80, which browsers leave out', () => {
    expect(statusOf({ host: 'localhost:80', origin: 'http://localhost' })).toBeUndefined();
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site', origin: app }],
    [{ 'sec-fetch-site': ['none', 'cross-site'] }],
    // Chromium, for the speculation rules of any page.
    [{ 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch', referer: 'http://evil.example/' }],
    [{ 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch;prerender' }],
    [{ 'sec-fetch-site': 'none', referer: 'http://evil.example/' }],
    [{ 'sec-fetch-site': 'none', origin: 'http://evil.example' }],
    [{ 'sec-purpose': 'prefetch' }],
    [{ origin: '' }],
    [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
    [{ origin: 'null' }],
    [{ origin: app }],
    [{ origin: `https://${host}` }],
    [{ origin: 'http://localhost:3001' }],
    [{ origin: `http://127.0.0.1:3000` }],
    [{ origin: [`http://${host}`, 'http://evil.example'] }],
  ])('refuses %j', (headers) => expect(statusOf(headers)).toBe(403));

  it('admits an origin that CORS names, from old browsers too, and no other', () => {
    expect(statusOf({ 'sec-fetch-site': 'same-site', origin: app }, {}, named)).toBeUndefined();
    expect(statusOf({ origin: app }, {}, named)).toBeUndefined();
    expect(statusOf({ 'sec-fetch-site': 'same-site', origin: `${app}4` }, {}, named)).toBe(403);
    expect(statusOf({ 'sec-fetch-site': 'same-site' }, {}, named)).toBe(403);
    const ahead = { 'sec-fetch-site': 'same-site', origin: app, 'sec-purpose': 'prefetch' };
    expect(statusOf(ahead, {}, named)).toBe(403);
  });

  it('lets nothing of a link be loaded ahead, and tells the user only of a page that tries', () => {
    const open: GuardPolicy = { ...closedPolicy, isOpen: () => true };
    const ahead = { 'sec-fetch-site': 'none', 'sec-purpose': 'prefetch' };
    expect(refusalOf(request(ahead), open)).toMatchObject({ statusCode: 403 });
    expect(refusalOf(request(ahead), open)).not.toHaveProperty('foreigner');
    const ofPage = request({ ...ahead, referer: 'http://evil.example/' });
    expect(refusalOf(ofPage, open)).toMatchObject({ foreigner: 'another site' });
  });

  it('refuses what names no host, and names no page that a browser does not name', () => {
    for (const origin of ['http://undefined', app]) {
      expect(statusOf({ host: [], origin }, { httpVersion: '1.0' }, named)).toBe(403);
    }
    expect(refusalOf(request({ origin: '' }), closedPolicy)?.detail).toMatch(
      /^A page of another site sent this request/,
    );
  });

  it.each([
    [{ 'sec-fetch-site': 'none' }],
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ origin: 'http://documents.localhost:3000' }],
  ])('answers a browser by no name below localhost: %j', (headers) => {
    const host = 'documents.localhost:3000';
    const open: GuardPolicy = { ...closedPolicy, isOpen: ({ subName }) => subName === 'documents' };
    expect(statusOf({ host, ...headers })).toBe(421);
    expect(statusOf({ host })).toBeUndefined();
    expect(statusOf({ host, ...headers }, {}, open)).toBeUndefined();
  });

  it('asks the policy whether a link may be followed: only a GET that opens a page of its own is a link', () => {
    const open: GuardPolicy = { ...closedPolicy, isOpen: ({ isLink, target }) => isLink && target === '/a' };
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    const inTab = { ...link, 'sec-fetch-dest': 'document' };
    expect(statusOf(inTab, { url: '/a' }, open)).toBeUndefined();
    expect(statusOf(inTab, { url: '/b' }, open)).toBe(403);
    expect(statusOf(inTab, { url: '/a', method: 'POST' }, open)).toBe(403);
    for (const dest of ['iframe', 'embed', 'object', 'frame', 'image']) {
      expect(statusOf({ ...link, 'sec-fetch-dest': dest }, { url: '/a' }, open)).toBe(403);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseRouteKey, pathMatcher, routeKeyMatcher, segmentsOf } from './route-matcher.ts';

describe('segmentsOf', () => {
  it.each([
    ['/', ['']],
    ['/ledger', ['ledger']],
    ['/ledger/', ['ledger', '']],
    ['//ledger', ['', 'ledger']],
    ['/a%2Fb//c', ['a%2Fb', '', 'c']],
  ])('splits %s', (path, segments) => {
    expect(segmentsOf(path)).toEqual(segments);
  });
});

describe('parseRouteKey', () => {
  it('splits method and path', () => {
    expect(parseRouteKey('POST /ledger/{id}')).toEqual({ method: 'POST', path: '/ledger/{id}' });
  });

  it.each(['', '$default', 'GET', '/ledger', 'GET ledger', 'GET  /ledger', 'GET /a b'])(
    'refuses %j',
    (routeKey) => {
      expect(() => parseRouteKey(routeKey)).toThrow(`Not a route key: ${routeKey}`);
    },
  );
});

describe('pathMatcher', () => {
  const templates = [
    '/{proxy+}',
    '/ledger/{proxy+}',
    '/ledger/{id}/transfers',
    '/{category}/open/transfers',
    '/ledger/open/{kind}',
    '/ledger/{id}',
    '/ledger/open',
    '/',
  ];
  const match = pathMatcher(templates.map((template, index) => [template, index]));
  const found = (path: string) => match(segmentsOf(path)).map(({ template }) => template);

  it.each([
    ['/', ['/']],
    ['/ledger', ['/{proxy+}']],
    ['/ledger/', ['/{proxy+}']],
    ['/ledger/open', ['/ledger/open', '/ledger/{id}', '/ledger/{proxy+}', '/{proxy+}']],
    ['/ledger/1', ['/ledger/{id}', '/ledger/{proxy+}', '/{proxy+}']],
    [
      '/ledger/open/transfers',
      [
        '/ledger/open/{kind}',
        '/ledger/{id}/transfers',
        '/{category}/open/transfers',
        '/ledger/{proxy+}',
        '/{proxy+}',
      ],
    ],
    ['/ledger/1/transfers/', ['/ledger/{proxy+}', '/{proxy+}']],
    ['//ledger', []],
    ['/ledger//transfers', ['/{proxy+}']],
    ['/Ledger/open', ['/{proxy+}']],
  ])('finds for %s, most specific first: %j', (path, expected) => {
    expect(found(path)).toEqual(expected);
  });

  it('returns target and parameters without decoding', () => {
    expect(match(segmentsOf('/ledger/a%2Fb/transfers'))[0]).toEqual({
      template: '/ledger/{id}/transfers',
      target: 2,
      parameters: { id: 'a%2Fb' },
    });
    expect(match(segmentsOf('/ledger/a%2Fb//c'))[0]?.parameters).toEqual({ proxy: 'a%2Fb//c' });
  });

  it('refuses a greedy variable that is not last', () => {
    expect(() => pathMatcher([['/{proxy+}/a', 1]])).toThrow('must be the last segment: /{proxy+}/a');
  });
});

describe('routeKeyMatcher', () => {
  const match = routeKeyMatcher([
    'ANY /{proxy+}',
    'GET /ledger/open',
    'ANY /ledger/{id}',
    'GET /ledger/{id}',
    'HEAD /ledger/{id}',
    'GET /ledger/{account}/entries',
    'POST /ledger/{id}/entries',
  ]);
  const found = (methods: string, path: string) => match(methods.split(','), segmentsOf(path))?.routeKey;

  it.each([
    ['GET', '/ledger/open', 'GET /ledger/open'],
    ['PUT', '/ledger/open', 'ANY /ledger/{id}'],
    ['GET', '/ledger/1', 'GET /ledger/{id}'],
    ['HEAD,GET', '/ledger/1', 'HEAD /ledger/{id}'],
    ['HEAD,GET', '/ledger/open', 'GET /ledger/open'],
    ['PUT', '/ledger/1', 'ANY /ledger/{id}'],
    ['GET', '/ledger/1/entries', 'GET /ledger/{account}/entries'],
    ['POST', '/ledger/1/entries', 'POST /ledger/{id}/entries'],
    ['PUT', '/ledger/1/entries', 'ANY /{proxy+}'],
    ['GET', '/', undefined],
  ])('%s %s matches %s', (methods, path, routeKey) => {
    expect(found(methods, path)).toBe(routeKey);
  });

  it('refuses a malformed key', () => {
    expect(() => routeKeyMatcher(['$default'])).toThrow('Not a route key: $default');
  });
});

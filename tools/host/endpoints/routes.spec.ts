import { describe, expect, it } from '@jest/globals';
import type { LocalFunction } from '../lambda/function.ts';
import { HttpApiRoutes } from './routes.ts';

const target = {} as LocalFunction;

function routesOf(...routeKeys: string[]): HttpApiRoutes {
  const routes = new HttpApiRoutes();
  for (const routeKey of routeKeys) routes.add(routeKey, target);
  return routes;
}

describe('routes of an HTTP API', () => {
  const routes = routesOf(
    '$default',
    'ANY /{proxy+}',
    'GET /ledger/{id}',
    'GET /ledger/open',
    'ANY /ledger/{id}',
    'GET /ledger/{id}/{rest+}',
  );

  it.each([
    ['GET', '/ledger/open', 'GET /ledger/open', {}],
    ['GET', '/ledger/1', 'GET /ledger/{id}', { id: '1' }],
    ['PUT', '/ledger/1', 'ANY /ledger/{id}', { id: '1' }],
    ['GET', '/ledger/1/a/b', 'GET /ledger/{id}/{rest+}', { id: '1', rest: 'a/b' }],
    ['PUT', '/ledger/1/a', 'ANY /{proxy+}', { proxy: 'ledger/1/a' }],
    ['GET', '/ledger/a%2Fb%20c', 'GET /ledger/{id}', { id: 'a/b c' }],
    ['GET', '/', '$default', {}],
  ])('%s %s matches %s', (method, path, routeKey, pathParameters) => {
    expect(routes.match(method, path)).toEqual({ routeKey, target, pathParameters });
  });

  it('leave a parameter with an invalid escape as it is', () => {
    expect(routes.match('GET', '/ledger/%zz')?.pathParameters).toEqual({ id: '%zz' });
  });

  it('do not match an unknown request', () => {
    expect(routesOf('GET /health').match('POST', '/health')).toBeUndefined();
    expect(routesOf('GET /health').match('GET', '/health/')).toBeUndefined();
    expect(routesOf('GET /a/{id}').match('GET', '/a/')).toBeUndefined();
  });
});

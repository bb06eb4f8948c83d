import type { HttpEvent } from './event.ts';
import { problem } from './problem.ts';

/** A route of the HTTP API that asks tokens for scopes of its own. */
interface ScopedRoute {
  readonly key: string;
  readonly method: string;
  readonly path: RegExp;
  /** Greater is tried later: greedy paths after plain ones, variables after names, `ANY` after a method. */
  readonly rank: string;
}

/**
 * Holds a request that came with a token to the route that API Gateway has to have chosen for it. API Gateway chooses by the
 * path before it is decoded, and knows no slash at its end: `/ledger/1%2Ftransfers` and `/ledger/1/transfers/` would
 * else reach what `POST /ledger/{id}/transfers` guards by the scopes of all other routes, and so would HEAD for GET.
 * Direct invocations carry no token: who may invoke the function may do all that it does.
 * @param keys of those routes, as `POST /ledger/{id}/transfers`
 * @returns throws `wrong-route` for a request that came by another.
 */
export function scopedRoutesGuard(keys: readonly string[]): (event: HttpEvent) => void {
  const routes = keys.map(scopedRoute).sort((left, right) => (left.rank < right.rank ? -1 : 1));
  return ({ authorizer, method, path, routeKey }) => {
    if (routes.length === 0 || authorizer['jwt'] === undefined) return;
    const plainPath = new URL(path, 'http://localhost').pathname.replace(/(?<=[^/])\/$/, '');
    const due = routes.find((route) => isFor(method, route.method) && route.path.test(plainPath));
    if (routeKey === (due?.key ?? '$default')) return;
    throw problem(
      'wrong-route',
      'Scopes are asked for by method and path: write the path plainly, without escaped slashes or a slash at its end, and use GET in place of HEAD.',
    );
  };
}

function isFor(method: string, routeMethod: string): boolean {
  return routeMethod === 'ANY' || routeMethod === method || (routeMethod === 'GET' && method === 'HEAD');
}

function scopedRoute(key: string): ScopedRoute {
  const [method = '', path = ''] = key.split(' ');
  const segments = path.split('/').map((segment) => {
    if (/^\{.+\+\}$/.test(segment)) return { pattern: '.+', rank: '2' };
    if (/^\{.+\}$/.test(segment)) return { pattern: '[^/]+', rank: '1' };
    return { pattern: segment.replace(/[^\w-]/g, '\\$&'), rank: '0' };
  });
  const rank = segments.map((segment) => segment.rank).join('');
  return {
    key,
    method,
    path: new RegExp(`^${segments.map(({ pattern }) => pattern).join('/')}$`),
    rank: `${rank.includes('2') ? 1 : 0}${rank}${method === 'ANY' ? 1 : 0}`,
  };
}

import { routeKeyMatcher } from '../../schema/route-matcher.ts';
import type { HttpEvent } from './messages.ts';
import type { RequestPath } from './path.ts';
import { problem } from './problem.ts';

/**
 * A check for tokens. API Gateway asks each token for the scopes of the route that it chose. Its reading of a path may differ
 * from this function's: `/ledger/1/transfers/` and `/ledger/%31/transfers` are other paths to it, and HEAD is another method
 * than GET. Such a spelling must not reach a route whose own scopes the token was not asked for.
 * Requests without a token pass: a caller that may invoke the function directly may use all its routes.
 * @param routeKeys the route keys that have scopes of their own, such as `POST /ledger/{id}/transfers`.
 * @returns a function that throws `wrong-route` for a request that API Gateway sent by another route than its own.
 */
export function scopedRoutesCheck(
  routeKeys: readonly string[],
): (event: Pick<HttpEvent, 'authorizer' | 'method' | 'routeKey'>, path: RequestPath) => void {
  const match = routeKeyMatcher(routeKeys);
  return ({ authorizer, method, routeKey }, { decoded }) => {
    if (routeKeys.length === 0 || authorizer['jwt'] === undefined) return;
    const own = match(method === 'HEAD' ? ['HEAD', 'GET'] : [method], decoded)?.routeKey;
    if (routeKey === (own ?? '$default')) return;
    throw problem(
      'wrong-route',
      'The scopes of a token are checked by method and path. Write the path plainly, without escaped characters that need no escape and without a slash at its end, and use GET instead of HEAD.',
    );
  };
}

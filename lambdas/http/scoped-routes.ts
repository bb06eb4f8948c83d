import { routeKeyMatcher } from '../../schema/route-matcher.ts';
import type { HttpEvent } from './messages.ts';
import type { RequestPath } from './path.ts';
import { problem } from './problem.ts';

/**
 * Creates a check for requests with a token. API Gateway checks the scopes of the route that it chooses, but it may read a
 * path differently: for API Gateway, `/ledger/1/transfers/` and `/ledger/%31/transfers` are other paths, and HEAD is another
 * method than GET. Such a request must not reach a route whose own scopes were not checked.
 * Requests without a token pass: a caller that may invoke the function directly may use all its routes.
 * @param routeKeys the route keys that require their own scopes, such as `POST /ledger/{id}/transfers`.
 * @returns a function that throws `wrong-route` if API Gateway chose another route than this function.
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

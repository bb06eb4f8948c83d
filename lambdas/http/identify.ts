import { type Authentication, defaultTenant } from '../../schema/authentication.ts';
import { actorName } from '../kernel/index.ts';
import { recordOf } from './event.ts';
import { iamPrincipal } from './iam-principal.ts';
import type { HttpEvent, Principal } from './messages.ts';
import { problem } from './problem.ts';
import { tokenPrincipal } from './token-principal.ts';

/** Finds out who sent a request. Throws `unauthenticated` if the identity is missing or malformed. */
export type Identify = (event: Pick<HttpEvent, 'authorizer' | 'fromGateway'>) => Principal;

/** Everybody, on a stage that asks nobody. Commits have no actor. */
export const defaultPrincipal: Principal = {
  tenant: defaultTenant,
  issuer: 'urn:streamfold:open',
  subject: 'anyone',
  scopes: 'all',
};

/** Whoever invokes the function directly. */
const operatorIssuer = 'urn:streamfold:operator';
export const operator: Principal = {
  tenant: defaultTenant,
  issuer: operatorIssuer,
  subject: 'direct-invocation',
  scopes: 'all',
  actor: actorName(operatorIssuer, 'direct-invocation'),
};

/**
 * Creates the function that identifies callers on a stage. API Gateway has verified what it finds. It adds an authorizer's
 * findings to every event, except on open routes. So an event without them either came through an open route, or is a direct
 * invocation: the permission to invoke the function is the power of an operator. Such a caller may also state an
 * authorizer's findings, and then is whoever they name.
 */
export function identifier(authentication: Authentication): Identify {
  const { kind } = authentication;
  if (kind === 'none') return () => defaultPrincipal;
  return ({ authorizer, fromGateway }) => {
    if (authorizer === undefined && !fromGateway) return operator;
    const principal =
      kind === 'iam'
        ? iamPrincipal(recordOf(authorizer?.['iam']), authentication)
        : tokenPrincipal(recordOf(recordOf(authorizer?.['jwt'])?.['claims']), authentication);
    if (typeof principal !== 'string') {
      return { ...principal, actor: actorName(principal.issuer, principal.subject) };
    }
    throw problem('unauthenticated', principal, { headers: { 'www-authenticate': challenges[kind] } });
  };
}

/** Says how to authenticate (RFC 9110, 11.6.1). */
const challenges = { iam: 'AWS4-HMAC-SHA256', jwt: 'Bearer' } as const;

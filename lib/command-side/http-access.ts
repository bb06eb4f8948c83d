import { Duration } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpNoneAuthorizer,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Authentication } from '../../schema/authentication.ts';
import type { Scope } from '../../schema/scopes.ts';
import type { StageConfig } from '../platform/stages.ts';

/** The claims that tokens have by default. `scope`: RFC 8693; `scp`: Microsoft and Okta. */
const defaultClaims = { subject: 'sub', scopes: ['scope', 'scp'] } as const;

/** How the API's function learns who is asking. */
export function authenticationOf({ authorizer, accountOwners }: StageConfig): Authentication {
  if (authorizer === 'none') return { kind: 'none' };
  if (authorizer === 'iam') return { kind: 'iam', scopes: 'all' };
  const everyone: readonly Scope[] = accountOwners ? [] : ['ledger:any'];
  if ('iam' in authorizer) return { kind: 'iam', scopes: [...everyone, ...authorizer.iam.scopes] };
  const { issuer, scopes, claims } = authorizer.jwt;
  const { scopes: named, ...others } = claims ?? {};
  return {
    kind: 'jwt',
    issuer,
    scopes,
    claims: { ...defaultClaims, ...others, ...(named !== undefined && { scopes: [named] }) },
    everyone,
  };
}

/**
 * The authorizer of all routes except the open ones. It verifies who is asking. The function checks what the caller may do,
 * because it knows the operation: API Gateway may read a path differently.
 */
export function authorizerOf({ authorizer }: StageConfig): IHttpRouteAuthorizer {
  if (authorizer === 'none') return new HttpNoneAuthorizer();
  if (authorizer === 'iam' || 'iam' in authorizer) return new HttpIamAuthorizer();
  const { issuer, audience } = authorizer.jwt;
  return new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [...audience] });
}

/** Allows pages of these origins to send the API's request headers and to read its response headers. */
export function corsFor(origins: readonly string[]): CorsPreflightOptions {
  return {
    allowOrigins: [...origins],
    allowMethods: [CorsHttpMethod.ANY],
    allowHeaders: [
      'authorization',
      'cache-control',
      'content-type',
      'idempotency-key',
      'if-match',
      'if-none-match',
      'traceparent',
      'x-amz-content-sha256',
      'x-amz-date',
      'x-amz-security-token',
      'x-correlation-id',
    ],
    exposeHeaders: ['etag', 'idempotency-replayed', 'location', 'retry-after', 'x-correlation-id'],
    maxAge: Duration.hours(1),
  };
}

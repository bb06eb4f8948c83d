import { Duration } from 'aws-cdk-lib';
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpNoneAuthorizer,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { StageConfig } from '../platform/stages.ts';

/** The scopes of routes that have their own, by route key. */
export function routeScopesOf({ authorizer }: StageConfig): Readonly<Record<string, readonly string[]>> {
  return typeof authorizer === 'object' ? authorizer.jwt.routeScopes : {};
}

/** How callers of a route authenticate. */
export interface Access {
  readonly authorizer: IHttpRouteAuthorizer;
  readonly scopes: readonly string[];
}

/** The authorizer of all routes except the open ones, and the scopes that a token needs for it. */
export function accessOf({ authorizer: kind }: StageConfig): Access {
  if (kind === 'iam') return { authorizer: new HttpIamAuthorizer(), scopes: [] };
  if (kind === 'none') return { authorizer: new HttpNoneAuthorizer(), scopes: [] };
  const { issuer, audience, scopes } = kind.jwt;
  const authorizer = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [...audience] });
  return { authorizer, scopes };
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

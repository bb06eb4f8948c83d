import type { Authentication } from '../../schema/authentication.ts';
import type { Access } from './access.ts';

/** The ways to authenticate. A stage has one of them. */
export const securitySchemes = {
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token of the issuer of the stage.',
  },
  signature: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: 'AWS Signature Version 4, for the service `execute-api`.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
} as const;

const schemeOf = { jwt: 'token', iam: 'signature', none: 'token' } as const;

/**
 * The `security` of an operation: the way of the stage, with the scope that the operation needs. OpenAPI 3.1 allows scopes as
 * "role names" for every way. An empty alternative means that the operation needs no credentials.
 */
export function securityOf(access: Access, authentication: Authentication['kind']) {
  if (access === 'open') return [];
  const scopes = access === 'any-caller' ? [] : [access];
  const required = { [schemeOf[authentication]]: scopes };
  return authentication === 'none' ? [required, {}] : [required];
}

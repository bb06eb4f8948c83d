import type { KeyObject } from 'node:crypto';
import { type Claims, claimsAsTexts, verifyToken } from './token.ts';

/** A JWT authorizer of the template. */
export interface JwtAuthorizer {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The key of the issuer. Undefined: the host does not know the issuer, so it refuses every token. */
  readonly publicKey: KeyObject | undefined;
}

/** What an authorizer adds to an event, or why it refuses the request. */
export type Authorization = { readonly authorizer: object } | { readonly refusal: string };

/** Authorizes a request by its header `authorization`, with or without "Bearer". */
export function authorize(
  { issuer, audience, publicKey }: JwtAuthorizer,
  header: string | undefined,
  now: Date,
): Authorization {
  const token = header?.replace(/^bearer +/i, '') ?? '';
  if (token === '') return { refusal: 'Bearer' };
  const nowS = now.getTime() / 1_000;
  const claims: Claims | string =
    publicKey === undefined
      ? 'the host was started without --auth'
      : verifyToken(token, { issuer, audience, publicKey }, nowS);
  if (typeof claims !== 'string')
    return { authorizer: { jwt: { claims: claimsAsTexts(claims), scopes: null } } };
  return { refusal: `Bearer scope="" error="invalid_token" error_description="${claims}"` };
}

/**
 * How the API of a stage learns who is asking. The stack writes it to the environment of the API's function as JSON, and the
 * function reads it from there: an event alone cannot tell it.
 */
import type { Scope } from './scopes.ts';

/** The environment variable of the API's function. */
export const authenticationVariable = 'AUTHENTICATION';

/** The tenant of every caller whose stage names no claim for it. */
export const defaultTenant = 'default';

/** Names of the claims of a token. */
export interface TokenClaims {
  readonly subject: string;
  /** The first one that the token has. Its value is a text with spaces, or a list. */
  readonly scopes: readonly string[];
  /** Absent: every caller is in the {@link defaultTenant}. */
  readonly tenant?: string;
  /** The tenant of a token without the claim. Absent: such a token is refused. */
  readonly defaultTenant?: string;
}

/** The API's scopes that a token's scopes give. `as-named`: they have the same names. */
export type ScopeMapping = 'as-named' | Readonly<Record<string, readonly Scope[]>>;

/** How callers authenticate. */
export type Authentication =
  /** Everybody is the default principal. On emulators only. */
  | { readonly kind: 'none' }
  /** `scopes`: those of every IAM caller. */
  | { readonly kind: 'iam'; readonly scopes: 'all' | readonly Scope[] }
  | {
      readonly kind: 'jwt';
      readonly issuer: string;
      readonly scopes: ScopeMapping;
      readonly claims: TokenClaims;
      /** Scopes of every caller, in addition to those of the token. Absent: none. */
      readonly everyone?: readonly Scope[];
    };

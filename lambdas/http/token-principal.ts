import { type Authentication, defaultTenant, type ScopeMapping } from '../../schema/authentication.ts';
import { tenantPattern } from '../kernel/index.ts';
import type { Principal } from './messages.ts';

type Claims = Readonly<Record<string, unknown>>;
type TokenAuthentication = Extract<Authentication, { kind: 'jwt' }>;

/** Text without control, invisible or unpaired characters, and without a space at an end. At most 255 characters (OpenID Connect). */
const subjectPattern = /^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,255}(?<! )$/u;

/**
 * API Gateway passes every claim on as text. A `null` names nobody: otherwise all callers without a name would be one caller, and
 * all without a tenant would share one.
 */
const noValue = 'null';

/**
 * The principal of a token that API Gateway has verified, by the stage's names of claims. Otherwise a sentence that says what
 * is wrong. Nothing is shortened: two callers never become one.
 */
export function tokenPrincipal(
  claims: Claims | undefined,
  { issuer, scopes, claims: names, everyone = [] }: TokenAuthentication,
): Principal | string {
  if (claims === undefined) return 'The request has no token. Send it as "Authorization: Bearer <token>".';
  if (claims['iss'] !== issuer) return 'The token is not of the issuer of this stage.';
  const subject = claims[names.subject];
  if (typeof subject !== 'string' || subject === noValue || !subjectPattern.test(subject)) {
    return `The claim "${names.subject}" of the token must be a text of 1 to 255 visible characters.`;
  }
  const tenant = tenantOf(claims, names);
  if (tenant === undefined) {
    return `The claim "${names.tenant}" of the token must name a tenant: 1 to 63 lower-case letters, digits or "-".`;
  }
  const granted = names.scopes.map((name) => claims[name]).find((value) => value !== undefined);
  const given = [...everyone, ...mappedScopes(scopesIn(granted), scopes)];
  return { tenant, issuer, subject, scopes: new Set(given) };
}

function tenantOf(claims: Claims, names: TokenAuthentication['claims']): string | undefined {
  if (names.tenant === undefined) return defaultTenant;
  const tenant = claims[names.tenant] ?? names.defaultTenant;
  return typeof tenant === 'string' && tenant !== noValue && tenantPattern.test(tenant) ? tenant : undefined;
}

/** The scopes of a claim: a text with spaces, or a list, which API Gateway passes on as the text `[a b]`. */
function scopesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((scope) => typeof scope === 'string');
  if (typeof value !== 'string') return [];
  const [, listed = value] = /^\[(.*)\]$/.exec(value) ?? [];
  return listed.split(' ').filter((scope) => scope !== '');
}

function mappedScopes(scopes: readonly string[], mapping: ScopeMapping): readonly string[] {
  if (mapping === 'as-named') return scopes;
  return scopes.flatMap((scope) => (Object.hasOwn(mapping, scope) ? (mapping[scope] ?? []) : []));
}

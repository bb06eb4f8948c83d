import type { Scope } from '../../schema/scopes.ts';
import type { Principal } from './messages.ts';
import { problem } from './problem.ts';

/** Who may use a route. `open`: anyone, without credentials. `any-caller`: every caller. Otherwise callers with the scope. */
export type Access = 'open' | 'any-caller' | Scope;

/** A scope that a request needs in addition to that of its route, depending on its body. */
export interface BodyScope<Body> {
  readonly scope: Scope;
  /** Whether this body needs the scope. */
  needed(body: Body): boolean;
  /** Completes the sentence "needed ...": `to set an overdraft limit`. The documentation shows it. */
  readonly purpose: string;
}

/** Throws `insufficient-scope` if the principal does not have the scope, and also if there is no principal. */
export function requireScope(principal: Principal | undefined, scope: Scope): void {
  if (hasScope(principal, scope)) return;
  const detail = `The operation needs the scope ${scope}, and the caller does not have it.`;
  throw problem('insufficient-scope', detail);
}

/** Whether the principal has the scope. */
export function hasScope(principal: Principal | undefined, scope: Scope): boolean {
  return principal !== undefined && (principal.scopes === 'all' || principal.scopes.has(scope));
}

/** Throws a problem if the principal may not use a route with this access. */
export function requireAccess(principal: Principal, access: Exclude<Access, 'open'>): void {
  if (access !== 'any-caller') requireScope(principal, access);
}

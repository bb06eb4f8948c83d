/**
 * Scopes: what a caller of the API may do. Every context has the scope `<context>:read`, and `<context>:write` if it has
 * commands; they follow from the catalogue. `lib/` checks the settings of a stage against them, and the API checks requests.
 */
import { aggregateNames, contextNames } from './contexts.ts';

/** The name of a scope: what it is about, and what it allows. */
export type Scope = `${string}:${string}`;

/** The scopes that do not follow from the catalogue, with what each allows. */
export const specialScopes = {
  'ledger:overdraft': 'Give an account an overdraft limit',
  'ledger:any': "Use other owners' accounts, on a stage with owners",
  'streams:read': 'Read the recorded events of every stream: the audit trail',
  'ops:read': 'Reserved: see the state of the system',
  'ops:write': 'Reserved: operate the system',
  'privacy:erase': "Erase a person's data",
  'reports:read': 'Reserved: read reports',
} as const satisfies Readonly<Record<Scope, string>>;

/** All scopes. */
export const scopeNames: readonly Scope[] = [
  ...contextNames.map((name): Scope => `${name}:read`),
  ...aggregateNames.map((name): Scope => `${name}:write`),
  ...(Object.keys(specialScopes) as Scope[]),
];

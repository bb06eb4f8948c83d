import type { Principal } from './messages.ts';

/** Earlier versions cut names to this length: a name of this length may be that of several callers. */
const earlierMaxChars = 256;

/**
 * Whether the actor of a commit is this principal. Earlier versions stored the subject alone: the `sub` of a token, or an ARN with
 * the name of the session.
 */
export function isActor({ actor, issuer, subject }: Principal, stored: string | undefined): boolean {
  if (stored === undefined || actor === undefined) return false;
  if (stored === actor) return true;
  if (stored.includes(' ') || stored.length >= earlierMaxChars) return false;
  const isAccount = /^\d{12}$/.test(issuer);
  if (isAccount && /:assumed-role\/[^/]+$/.test(subject)) return stored.startsWith(`${subject}/`);
  // A stage may have had IAM callers before it had tokens.
  return stored === subject && isAccount === stored.startsWith('arn:');
}

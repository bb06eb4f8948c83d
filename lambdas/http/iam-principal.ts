import { type Authentication, defaultTenant } from '../../schema/authentication.ts';
import type { Principal } from './messages.ts';

/** An ARN of a caller. The parts: the account, and the role of an assumed role without the name of its session. */
const callerArn =
  /^arn:aws[a-z-]*:(?:iam|sts)::(?<account>\d{12}):(?:root|(?:user|federated-user)\/[\x21-\x7e]+|assumed-role\/[\w+=,.@-]+(?<session>\/[\w+=,.@-]+))$/;
/** The longest ARN that IAM has: a path of 512 characters, a name of 64, and the rest. */
const arnMaxChars = 640;

/**
 * The principal of an IAM identity: the account is the issuer, the ARN the subject. The name of a session is left out, because
 * its caller chooses it: all sessions of a role are one caller. Otherwise a sentence that says what is wrong.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function iamPrincipal(
  iam: Readonly<Record<string, unknown>> | undefined,
  { scopes }: Extract<Authentication, { kind: 'iam' }>,
): Principal | string {
  const arn = iam?.['userArn'];
  if (typeof arn !== 'string') return 'The request has no IAM identity. Sign it with Signature Version 4.';
  const parts = arn.length <= arnMaxChars ? callerArn.exec(arn)?.groups : undefined;
  if (parts?.['account'] === undefined) return 'The ARN of the IAM identity has no form that is known here.';
  return {
    tenant: defaultTenant,
    issuer: parts['account'],
    subject: arn.slice(0, arn.length - (parts['session']?.length ?? 0)),
    scopes: scopes === 'all' ? scopes : new Set(scopes),
  };
}

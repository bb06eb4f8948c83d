import type { AwsCall, Needs } from './aws-call.ts';
import { jsonCallNeeds } from './json-call-needs.ts';
import { s3CallNeeds } from './s3-call-needs.ts';

/** The call is of an operation whose permissions are not known here. */
export class UnknownCallError extends Error {
  override readonly name = 'UnknownCallError';

  constructor(call: string) {
    super(`What ${call} needs of IAM is not known here: add it to local/permissions.`);
  }
}

/** @throws {UnknownCallError} naming the operation. */
export function needsOf(call: AwsCall): Needs {
  const target = call.headers['x-amz-target'];
  const needs =
    typeof target === 'string'
      ? jsonCallNeeds(target, call.body)
      : call.service === 's3'
        ? s3CallNeeds(call)
        : undefined;
  if (needs !== undefined) return needs;
  throw new UnknownCallError(
    `${target ?? `${call.service} ${call.method} ${call.url.pathname}${call.url.search}`}`,
  );
}

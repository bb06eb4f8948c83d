import type { AwsCall, Needs } from './aws-call.ts';
import { jsonCallNeeds } from './json-call-needs.ts';
import { s3CallNeeds } from './s3-call-needs.ts';

/** The gate does not know the permissions of the operation. */
export class UnknownCallError extends Error {
  override readonly name = 'UnknownCallError';

  constructor(call: string) {
    super(`The gate does not know which permissions ${call} needs: add it to test/permissions.`);
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

import type { IncomingHttpHeaders } from 'node:http';
import { jsonCallNeeds } from './json-call-needs.ts';
import type { Permission } from './policy.ts';
import { s3CallNeeds } from './s3-call-needs.ts';

/** A call of AWS's APIs, as far as permissions depend on it. */
export interface AwsCall {
  /** As it is signed for: `dynamodb`, `s3`. */
  readonly service: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Of a call in one of the JSON protocols; empty for S3. */
  readonly body: Buffer;
}

/** What IAM checks of a call. */
export interface Needs {
  /** For people: `dynamodb:TransactWriteItems`, which is no action of IAM. */
  readonly operation: string;
  readonly permissions: readonly Permission[];
  /** Needed beside them to be told that a thing does not exist; without it, access is denied. */
  readonly ifMissing?: Permission;
}

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

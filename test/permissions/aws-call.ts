import type { IncomingHttpHeaders } from 'node:http';
import type { Permission } from './policy.ts';

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

import type { IncomingHttpHeaders } from 'node:http';
import type { Permission } from './policy.ts';

/** The parts of a call to AWS that its permissions depend on. */
export interface AwsCall {
  /** The service it is signed for: `dynamodb`, `s3`. */
  readonly service: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The body of a call in one of the JSON protocols, or of one that deletes objects; otherwise empty for S3. */
  readonly body: Buffer;
}

/** What IAM checks for a call. */
export interface Needs {
  /** For people to read; not always an action of IAM, such as `dynamodb:TransactWriteItems`. */
  readonly operation: string;
  readonly permissions: readonly Permission[];
  /** Also needed to get the answer that the resource does not exist; without it, access is denied. */
  readonly ifMissing?: Permission;
}

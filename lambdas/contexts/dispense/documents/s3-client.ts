import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** What of a function's environment matters: an endpoint other than AWS's own, as the SDK itself reads it. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A client whose calls are given up when they hang, and are tried at most 4 times. Emulators have one host name for all
 * buckets, so the bucket goes into the path there.
 */
export function s3Client(env: Environment): S3Client {
  return new S3Client({
    maxAttempts: 4,
    forcePathStyle: (env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']) !== undefined,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      throwOnRequestTimeout: true,
    }),
  });
}

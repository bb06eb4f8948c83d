import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The environment of a function. Read here: the endpoint, if it is not AWS's own, as the SDK reads it. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A client with timeouts, which tries each call at most 4 times. Emulators have one host name for all buckets: there the
 * bucket is part of the path.
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

import { S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from '../../../aws/client-settings.ts';

/** The variables that the SDK reads an endpoint from, if it is not the one of AWS. */
type Environment = Readonly<Record<string, string | undefined>>;

/** A client for S3. Emulators have one host name for all buckets, so the bucket name goes into the path there. */
export function s3Client(env: Environment): S3Client {
  return new S3Client({
    ...clientSettings({ requestTimeoutMs: 5_000 }),
    forcePathStyle: (env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']) !== undefined,
  });
}

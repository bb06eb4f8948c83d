import { S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from '../../../aws/client-settings.ts';
import { observed } from '../../../aws/observed-client.ts';

/** The variables from which the SDK reads an endpoint other than AWS's. */
type Environment = Readonly<Record<string, string | undefined>>;

/** A client for S3. An attempt times out after 5 s. Emulators need the bucket name in the path instead of the host name. */
export function s3Client(env: Environment): S3Client {
  return observed(
    new S3Client({
      ...clientSettings({ requestTimeoutMs: 5_000 }),
      forcePathStyle: (env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']) !== undefined,
    }),
  );
}

import { unverifiedSignature } from './aws-json.ts';

const requestTimeoutMs = 10_000;

/**
 * PUTs to S3 what the path names: a bucket, or an object with its content. Settles for the statuses of `accepted` beside success.
 * Throws when S3 answers otherwise, or not within 10 s.
 */
export async function putToS3(
  endpoint: string,
  path: string,
  { body, accepted = [] }: { body?: string; accepted?: readonly number[] } = {},
): Promise<void> {
  const response = await fetch(`${endpoint}/${path}`, {
    method: 'PUT',
    headers: unverifiedSignature('s3'),
    signal: AbortSignal.timeout(requestTimeoutMs),
    ...(body !== undefined && { body }),
  });
  if (!response.ok && !accepted.includes(response.status)) {
    throw new Error(`S3 refused ${path}: ${response.status} ${await response.text()}`);
  }
  await response.body?.cancel();
}

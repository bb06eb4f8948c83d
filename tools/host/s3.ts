import { unverifiedSignature } from './aws-json.ts';

const requestTimeoutMs = 10_000;

/**
 * PUTs a bucket, or an object with its content, to S3.
 * @param accepted statuses to accept besides success
 * @throws for any other answer, or without an answer in 10 s
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

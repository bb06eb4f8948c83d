import type { ForeignRequest } from './request-guard.ts';
import { signedService } from './target.ts';

/** The parameters of a presigned link that names an object. Others, such as `uploads` or `list-type`, ask for something else. */
const linkParameter = /^(?:x-amz-[a-z0-9-]+|x-id|versionId|response-[a-z-]+)$/i;

/** The paths of Lambda's API. */
export const lambdaPrefix = '/2015-03-31/';

/**
 * Whether a request reads one S3 object by a presigned link: `/bucket/key`, or `/key` at `bucket.localhost`. What protects the object is its key, which the app draws
 * at random; signatures are not verified on this machine. So a request that lists keys is none.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function isPresignedObject({
  method,
  target,
  subName,
}: Pick<ForeignRequest, 'method' | 'target' | 'subName'>): boolean {
  if (method !== 'GET' && (method !== 'HEAD' || subName !== undefined)) return false;
  const { pathname, searchParams } = new URL(`http://localhost${target}`);
  return (
    !pathname.startsWith(lambdaPrefix) &&
    /^\/[a-z0-9][a-z0-9.-]+\/[^/]/.test(subName === undefined ? pathname : `/${subName}${pathname}`) &&
    searchParams.has('X-Amz-Signature') &&
    signedService({}, searchParams) === 's3' &&
    [...searchParams.keys()].every((name) => linkParameter.test(name))
  );
}

/** The parameters of a link that replace headers of the object: `response-content-type`. */
const headerParameter = /^response-(content-(?:type|language|disposition|encoding)|expires|cache-control)$/;

/**
 * The headers of a read object that its link replaces. The engine does not know these parameters. A value that is no header is left out.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function objectHeadersOf(query: URLSearchParams): Readonly<Record<string, string>> {
  const asked = [...query].flatMap(([parameter, value]) => {
    const [, name] = headerParameter.exec(parameter) ?? [];
    return name !== undefined && /^[ -~]+$/.test(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(asked);
}

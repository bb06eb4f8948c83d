import type { IncomingHttpHeaders } from 'node:http';
import type { AwsCall, Needs } from './aws-call.ts';
import type { Permission } from './policy.ts';

/** Parameters that sign a request, name its operation, or set headers of the answer. They do not change the needed permissions. */
const withoutEffect = /^(x-id$|x-amz-|response-)/i;

/** The query of a call that deletes several objects. */
export const deletesObjects = ({ searchParams }: URL): boolean => searchParams.has('delete');

/**
 * What a call to an object needs, or to its versions, with the bucket in its path. Undefined for other calls: to buckets and subresources.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export function s3CallNeeds({ method, url, headers, body }: AwsCall): Needs | undefined {
  const [bucket, key] = split(decodeURIComponent(url.pathname.slice(1)));
  if (bucket !== '' && key === '') return versionsNeeds(bucket, { method, url, body });
  const hasEffect = [...url.searchParams.keys()].some((name) => !withoutEffect.test(name));
  if (bucket === '' || key === '' || hasEffect) return undefined;
  const object = objectArn(bucket, key);
  switch (method) {
    case 'GET':
    case 'HEAD':
      return { operation: `s3:${method === 'GET' ? 'GetObject' : 'HeadObject'}`, ...reading(bucket, object) };
    case 'PUT':
      return headers['x-amz-copy-source'] === undefined
        ? { operation: 's3:PutObject', permissions: writing(object, headers) }
        : copying(String(headers['x-amz-copy-source']), object, headers);
    case 'DELETE':
      return { operation: 's3:DeleteObject', permissions: [{ action: 's3:DeleteObject', resource: object }] };
    default:
      return undefined;
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html: each version that is named, also `null`, needs its own action. */
function versionsNeeds(
  bucket: string,
  { method, url, body }: Omit<AwsCall, 'service' | 'headers'>,
): Needs | undefined {
  if (method === 'GET' && url.searchParams.has('versions')) {
    const resource = `arn:aws:s3:::${bucket}`;
    return {
      operation: 's3:ListObjectVersions',
      permissions: [{ action: 's3:ListBucketVersions', resource }],
    };
  }
  if (method !== 'POST' || !deletesObjects(url)) return undefined;
  const objects = [...body.toString().matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, object = '']) => object);
  const permissions = objects.map((object) => ({
    action: object.includes('<VersionId>') ? 's3:DeleteObjectVersion' : 's3:DeleteObject',
    resource: objectArn(bucket, /<Key>([^<]*)<\/Key>/.exec(object)?.[1] ?? ''),
  }));
  return { operation: 's3:DeleteObjects', permissions };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: a role that may list the bucket gets 404, any other 403. */
function reading(bucket: string, object: string) {
  return {
    permissions: [{ action: 's3:GetObject', resource: object }],
    ifMissing: { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` },
  };
}

function writing(object: string, headers: IncomingHttpHeaders): Permission[] {
  const permissions = [{ action: 's3:PutObject', resource: object }];
  if (headers['x-amz-tagging'] !== undefined)
    permissions.push({ action: 's3:PutObjectTagging', resource: object });
  return permissions;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html: it reads the source's tags, unless the call replaces them. */
function copying(source: string, object: string, headers: IncomingHttpHeaders): Needs {
  const [bucket, key] = split(decodeURIComponent(source.replace(/^\//, '')));
  const { permissions, ifMissing } = reading(bucket, objectArn(bucket, key));
  const keepsTags = headers['x-amz-tagging-directive'] !== 'REPLACE';
  const tagging = [
    { action: 's3:GetObjectTagging', resource: objectArn(bucket, key) },
    { action: 's3:PutObjectTagging', resource: object },
  ];
  return {
    operation: 's3:CopyObject',
    permissions: [...permissions, ...writing(object, headers), ...(keepsTags ? tagging : [])],
    ifMissing,
  };
}

function split(path: string): [bucket: string, key: string] {
  const slash = path.indexOf('/');
  return slash === -1 ? [path, ''] : [path.slice(0, slash), path.slice(slash + 1)];
}

function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

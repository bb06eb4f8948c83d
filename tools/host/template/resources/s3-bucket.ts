import { createHash } from 'node:crypto';
import { putToS3 } from '../../s3.ts';
import type { ResourceType } from '../world.ts';
import { optionalText } from './properties.ts';

const nameLimitChars = 63;

/** AWS::S3::Bucket. Its lifecycle rules have no effect: they act after days. */
export const s3Bucket: ResourceType = {
  properties: ['BucketName'],
  ignored: [
    'BucketEncryption',
    'LifecycleConfiguration',
    'NotificationConfiguration',
    'PublicAccessBlockConfiguration',
    'VersioningConfiguration',
  ],
  create: async ({ physicalName, properties }, { urls }) => {
    const name = optionalText(properties, 'BucketName') ?? bucketName(physicalName);
    // 409: it exists from an earlier start.
    await putToS3(urls.queues, name, { accepted: [409] });
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },
};

/** Bucket names are in lower case, and shorter than logical ids may be. */
function bucketName(physicalName: string): string {
  const name = physicalName.toLowerCase();
  if (name.length <= nameLimitChars) return name;
  const hash = createHash('sha256').update(physicalName).digest('hex').slice(0, 8);
  return `${name.slice(0, nameLimitChars - hash.length - 1)}-${hash}`;
}

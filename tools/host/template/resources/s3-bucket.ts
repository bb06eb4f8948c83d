import { createHash } from 'node:crypto';
import { putToS3 } from '../../s3.ts';
import type { ResourceType } from '../world.ts';
import { optionalText } from './properties.ts';

const nameLimitChars = 63;

/** AWS::S3::Bucket. Its lifecycle rules have no effect: they act after days. */
export const s3Bucket: ResourceType = {
  properties: ['BucketName', 'CorsConfiguration'],
  ignored: [
    'BucketEncryption',
    'LifecycleConfiguration',
    'NotificationConfiguration',
    'PublicAccessBlockConfiguration',
    'VersioningConfiguration',
  ],
  create: async ({ physicalName, properties }, { urls, bucketsReadByPages }) => {
    const name = optionalText(properties, 'BucketName') ?? bucketName(physicalName);
    // 409: it exists from an earlier start.
    await putToS3(urls.queues, name, { accepted: [409] });
    if (isReadByPages(properties['CorsConfiguration'])) bucketsReadByPages.add(name);
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },
};

/** Whether pages of every origin may read objects: the only form of CORS that the app uses. */
function isReadByPages(configuration: unknown): boolean {
  const { CorsRules = [] } = (configuration ?? {}) as { readonly CorsRules?: readonly CorsRule[] };
  return CorsRules.some(
    ({ AllowedMethods, AllowedOrigins }) => AllowedMethods.includes('GET') && AllowedOrigins.includes('*'),
  );
}

interface CorsRule {
  readonly AllowedMethods: readonly string[];
  readonly AllowedOrigins: readonly string[];
}

/** Bucket names are in lower case, and shorter than logical ids may be. */
function bucketName(physicalName: string): string {
  const name = physicalName.toLowerCase();
  if (name.length <= nameLimitChars) return name;
  const hash = createHash('sha256').update(physicalName).digest('hex').slice(0, 8);
  return `${name.slice(0, nameLimitChars - hash.length - 1)}-${hash}`;
}

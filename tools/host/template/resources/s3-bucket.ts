import { createHash } from 'node:crypto';
import { region } from '../../aws-json.ts';
import { putToS3 } from '../../s3.ts';
import type { ResourceHandler } from '../world.ts';
import { optionalText } from './properties.ts';

const nameLimitChars = 63;

/** AWS::S3::Bucket. Its lifecycle rules have no effect: nothing here lives long enough. */
export const s3Bucket: ResourceHandler = async ({ physicalName, properties }, { urls }) => {
  const name = optionalText(properties, 'BucketName') ?? bucketName(physicalName);
  // 409: it is here from an earlier start.
  await putToS3(urls.queues, name, { accepted: [409] });
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  };
};

/** Bucket names are in lower case, and shorter than logical ids may be. */
function bucketName(physicalName: string): string {
  const name = physicalName.toLowerCase();
  if (name.length <= nameLimitChars) return name;
  const hash = createHash('sha256').update(physicalName).digest('hex').slice(0, 8);
  return `${name.slice(0, nameLimitChars - hash.length - 1)}-${hash}`;
}

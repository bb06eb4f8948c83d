import { Match } from 'aws-cdk-lib/assertions';

/** Logical ids that several specs use. */
export const failureBucket = 'FailuresBucket3D5A4556';
export const failureNotices = 'FailuresNotices4CC5C964';

/** The key that encrypts what stage `prod` stores. */
export const storageKeyId = 'StorageKeyB6649B55';
export const storageKeyArn = { 'Fn::GetAtt': [storageKeyId, 'Arn'] };

/** The settings of a bucket that cannot be made public. */
export const allBlocked = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

/** The statement with which a bucket or queue allows these actions over TLS only. */
export const refusesPlainHttp = (action: string) =>
  Match.objectLike({
    Effect: 'Deny',
    Action: action,
    Principal: { AWS: '*' },
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });

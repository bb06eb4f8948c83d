import { Match } from 'aws-cdk-lib/assertions';

/** Logical ids that several specs look for. */
export const failureBucket = 'FailuresBucket3D5A4556';
export const failureNotices = 'FailuresNotices4CC5C964';

/** A bucket that nobody can open to the public. */
export const allBlocked = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

/** The statement by which a bucket or queue takes these actions by TLS only. */
export const refusesPlainHttp = (action: string) =>
  Match.objectLike({
    Effect: 'Deny',
    Action: action,
    Principal: { AWS: '*' },
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });

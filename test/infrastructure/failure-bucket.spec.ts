import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { resources, templateOf } from '../support/synthesized.ts';
import {
  allBlocked,
  failureBucket,
  failureNotices,
  refusesPlainHttp,
} from '../support/template-expectations.ts';

describe.each(['local', 'dev', 'prod'])('the failure bucket of stage %s', (stage) => {
  let template: Template;
  beforeAll(() => {
    template = templateOf(stage);
  });

  it('keeps batches for 30 days, and refuses plain HTTP', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: allBlocked,
      BucketEncryption: Match.anyValue(),
      LifecycleConfiguration: {
        Rules: [Match.objectLike({ Status: 'Enabled', ExpirationInDays: 30, Prefix: Match.absent() })],
      },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    for (const [id, { Properties }] of resources(template, 'AWS::S3::Bucket')) {
      expect(Properties).toMatchObject({ PublicAccessBlockConfiguration: allBlocked });
      template.hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: { Ref: id },
        PolicyDocument: { Statement: Match.arrayWith([refusesPlainHttp('s3:*')]) },
      });
    }
  });

  it('sends a notice of each batch to a queue that an alarm watches', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: failureBucket }] } },
      },
      State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [failureNotices, 'Arn'] } })],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [failureNotices, 'QueueName'] } }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    });
  });
});

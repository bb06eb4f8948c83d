/**
 * What LocalStack's free plan (Hobby) can deploy, as far as the app uses it. Read on 2026-11-26, in what its documentation had on
 * these days; newer ones were not in reach:
 *
 * - The services of each plan: `src/data/licensing/current-plans.json` of github.com/localstack/localstack-docs, "effective March 23,
 *   2026", changed last in April 2026. It says that a plan has a service, not how much of it.
 * - The types of CloudFormation: `src/data/cloudformation/coverage.json` of the same repository, of 2026-05-25. It has no column for
 *   plans, so a type counts as free if it is in this list and its service is free.
 * - "CloudFormation will instead fail the deployment if the template includes unsupported resource types", in "a future LocalStack
 *   release": docs.localstack.cloud/aws/services/cloudformation. It names no version. Releases until then leave them out.
 *
 * Nobody here has tried it: that needs a token.
 */

/** Services of the plan Hobby. Not in it, for example: API Gateway V2, ECR (both Base), CloudTrail and X-Ray (both Ultimate). */
export const freeServices: readonly string[] = [
  'CDK',
  'CloudFormation',
  'CloudWatch',
  'DynamoDB',
  'Events',
  'IAM',
  'KMS',
  'Kinesis',
  'Lambda',
  'Logs',
  'S3',
  'SNS',
  'SQS',
  'SSM',
  'STS',
  'StepFunctions',
];

/** Types that CloudFormation creates and deletes, of these services. `AWS::CDK::Metadata`: the CDK CLI adds it to every stack. */
export const freeTypes: readonly string[] = [
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::Logs::LogStream',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SSM::Parameter',
  'AWS::StepFunctions::StateMachine',
];

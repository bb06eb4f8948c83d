import { UserError } from '../../user-error.ts';
import type { ResourceHandler } from '../world.ts';
import { dynamodbTable } from './dynamodb-table.ts';
import { eventSourceMapping } from './event-source-mapping.ts';
import { eventsRule } from './events-rule.ts';
import { httpApi, httpIntegration, httpRoute } from './http-api.ts';
import { iamPolicy, iamRole } from './iam-role.ts';
import { kinesisStream } from './kinesis-stream.ts';
import { lambdaFunction } from './lambda-function.ts';
import { s3Bucket } from './s3-bucket.ts';
import { sqsQueue } from './sqs-queue.ts';

const handlers: Readonly<Record<string, ResourceHandler>> = {
  'AWS::ApiGatewayV2::Api': httpApi,
  'AWS::ApiGatewayV2::Integration': httpIntegration,
  'AWS::ApiGatewayV2::Route': httpRoute,
  'AWS::DynamoDB::GlobalTable': dynamodbTable,
  'AWS::DynamoDB::Table': dynamodbTable,
  'AWS::Events::Rule': eventsRule,
  'AWS::IAM::Policy': iamPolicy,
  'AWS::IAM::Role': iamRole,
  'AWS::Kinesis::Stream': kinesisStream,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::S3::Bucket': s3Bucket,
  'AWS::SQS::Queue': sqsQueue,
};

/** Types that change nothing on one machine with one user: permissions of others, logs, alarms, and what only AWS reads. */
const withoutEffect: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/**
 * What makes resources of a type, or undefined when the type has no effect here.
 * @throws {UserError} naming a type that is unknown.
 */
export function handlerOf(type: string): ResourceHandler | undefined {
  const handler = handlers[type];
  if (handler !== undefined || withoutEffect.has(type)) return handler;
  throw new UserError(
    `The app has a resource of type ${type}, unknown here: add it to local/template/resources/registry.ts.`,
  );
}

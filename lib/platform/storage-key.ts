import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { removalPolicy } from './protection.ts';
import type { StageConfig } from './stages.ts';

/** The id of the key in its stack: {@link storageKeyOf} finds it by this id. */
const constructId = 'StorageKey';

/** How long AWS waits before it deletes a key, the minimum and the maximum of KMS. Until then, the deletion can be cancelled. */
const pendingDays = { ofTrials: 7, ofData: 30 };

export interface StorageKeyProps extends Pick<StageConfig, 'protectData'> {
  readonly stage: string;
}

/**
 * The key that encrypts what a stage stores: tables, buckets, queues, the event stream and logs. Whoever disables it stops the
 * stage, and whoever deletes it deletes the data. Services use it with the permissions of their callers, except those that act for
 * nobody: the key's policy names them.
 */
class StorageKey extends Key {
  constructor(scope: Construct, { stage, protectData }: StorageKeyProps) {
    super(scope, constructId, {
      alias: `streamfold/${stage}/storage`,
      description: `Encrypts what Streamfold stores, stage ${stage}`,
      enableKeyRotation: true,
      removalPolicy: removalPolicy(protectData),
      pendingWindow: Duration.days(protectData ? pendingDays.ofData : pendingDays.ofTrials),
    });
    this.#allowLogs(stage);
    this.#allowNotices(stage);
  }

  /**
   * CloudWatch Logs, for log groups of the stack. Their names begin with its name. They cannot be named one by one: they need the key.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  #allowLogs(stage: string): void {
    const { region } = Stack.of(this);
    const logGroups = this.#arnOf('logs', 'log-group', `streamfold-${stage}-*`);
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogGroupsOfThisStage',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
      }),
    );
  }

  /**
   * EventBridge, for notices that it sends to queues of the stack.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
   */
  #allowNotices(stage: string): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NoticesOfThisStage',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnLike: { 'kms:EncryptionContext:aws:sqs:arn': this.#arnOf('sqs', `streamfold-${stage}-*`) },
        },
      }),
    );
  }

  /**
   * Lets a trail of CloudTrail encrypt its files.
   * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
   */
  allowTrail(trailArn: string): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailOfThisStage',
        principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
        actions: ['kms:DescribeKey', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
      }),
    );
  }

  #arnOf(service: string, resource: string, resourceName?: string): string {
    const arnFormat = resourceName === undefined ? ArnFormat.NO_RESOURCE_NAME : ArnFormat.COLON_RESOURCE_NAME;
    return Stack.of(this).formatArn({
      service,
      resource,
      arnFormat,
      ...(resourceName !== undefined && { resourceName }),
    });
  }
}

export type { StorageKey };

/** Adds the key of a stage that has its own. Create it before all that stores data: each of them asks for it. */
export function addStorageKey(
  stack: Stack,
  stage: string,
  { storageKey, protectData }: Pick<StageConfig, 'storageKey' | 'protectData'>,
): void {
  if (storageKey === 'customer-managed') new StorageKey(stack, { stage, protectData });
}

/** The key that encrypts what the stack of a construct stores. Undefined if AWS manages the keys. */
export function storageKeyOf(scope: Construct): StorageKey | undefined {
  return Stack.of(scope).node.tryFindChild(constructId) as StorageKey | undefined;
}

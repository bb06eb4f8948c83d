import type { Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { storageKeyOf } from './storage-key.ts';

interface KeyUse {
  /** The id of the statement in the policy of the key. */
  readonly sid: string;
  /** Actions on a resource that the key encrypts. A role that has one of them uses the key. */
  readonly actions: RegExp;
  /** The name of the service in `kms:ViaService`, without the region: the role uses the key through this service only. */
  readonly service: string;
  /** What the service does with the key, in the name of the role. */
  readonly needs: readonly ('kms:Decrypt' | 'kms:GenerateDataKey')[];
}

/**
 * What a role needs on the key of a resource, beside the action on the resource itself:
 * - DynamoDB decrypts the key of the table, for writes too; and the stream of a table has the key of the table.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * - SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 * - Kinesis: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 * - S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
const keyUses: readonly KeyUse[] = [
  { sid: 'Tables', actions: /^dynamodb:(?!ListStreams$)/, service: 'dynamodb', needs: ['kms:Decrypt'] },
  // No page names the service of streams. With the name of tables alone, a wrong guess would stop the publisher.
  {
    sid: 'StreamsOfTables',
    actions: /^dynamodb:GetRecords$/,
    service: 'streams.dynamodb',
    needs: ['kms:Decrypt'],
  },
  {
    sid: 'Senders',
    actions: /^sqs:SendMessage$/,
    service: 'sqs',
    needs: ['kms:Decrypt', 'kms:GenerateDataKey'],
  },
  { sid: 'Receivers', actions: /^sqs:ReceiveMessage$/, service: 'sqs', needs: ['kms:Decrypt'] },
  { sid: 'Publishers', actions: /^kinesis:PutRecords?$/, service: 'kinesis', needs: ['kms:GenerateDataKey'] },
  { sid: 'Consumers', actions: /^kinesis:GetRecords$/, service: 'kinesis', needs: ['kms:Decrypt'] },
  { sid: 'Readers', actions: /^s3:GetObject(Version)?$/, service: 's3', needs: ['kms:Decrypt'] },
  { sid: 'Writers', actions: /^s3:PutObject$/, service: 's3', needs: ['kms:GenerateDataKey'] },
];

/**
 * Grants each role what it needs on the storage key of its stack: that follows from what the role may do with resources. Call it when
 * all roles have their permissions.
 *
 * The policy of the key has these grants, not those of the roles. Resources refer to the key, so CloudFormation changes its policy
 * before it changes their encryption: an upgrade leaves no moment in which a function may use a table, but not its key.
 */
export function grantStorageKey(stack: Stack): void {
  const key = storageKeyOf(stack);
  if (key === undefined) return;
  const roles = stack.node.findAll().filter((construct) => construct instanceof Role);
  const actions = new Map(roles.map((role) => [role, actionsOf(role)]));
  for (const { sid, actions: own, service, needs } of keyUses) {
    const principals = roles.filter((role) => actions.get(role)?.some((action) => own.test(action)));
    if (principals.length === 0) continue;
    key.addToResourcePolicy(
      new PolicyStatement({
        sid,
        principals,
        actions: [...needs],
        resources: ['*'],
        conditions: { StringEquals: { 'kms:ViaService': `${service}.${stack.region}.amazonaws.com` } },
      }),
    );
  }
}

/** The actions that the policies of a role have so far. */
function actionsOf(role: Role): string[] {
  return role.node.children
    .filter((child) => child instanceof Policy)
    .flatMap((policy) => (policy.document.toJSON()?.['Statement'] ?? []) as object[])
    .flatMap((statement) => PolicyStatement.fromJson(statement).actions);
}

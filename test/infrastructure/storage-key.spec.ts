import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { resourceTypes, typesWithoutEffect } from '../../tools/host/template/resources/registry.ts';
import { functions } from '../support/deployed.ts';
import { type Resource, resources, templateOf } from '../support/synthesized.ts';
import { storageKeyArn, storageKeyId } from '../support/template-expectations.ts';

/** Types that store data, and where each names its key. */
const encrypted: Readonly<Record<string, (properties: Resource['Properties']) => unknown>> = {
  'AWS::DynamoDB::Table': ({ SSESpecification }) => SSESpecification?.['KMSMasterKeyId'],
  'AWS::S3::Bucket': ({ BucketEncryption }) => {
    const [rule] = (BucketEncryption?.['ServerSideEncryptionConfiguration'] ?? []) as BucketRule[];
    return rule?.BucketKeyEnabled && rule.ServerSideEncryptionByDefault.KMSMasterKeyID;
  },
  'AWS::SQS::Queue': ({ KmsMasterKeyId }) => KmsMasterKeyId,
  'AWS::Kinesis::Stream': ({ StreamEncryption }) => StreamEncryption?.['KeyId'],
  'AWS::Logs::LogGroup': ({ KmsKeyId }) => KmsKeyId,
  'AWS::CloudTrail::Trail': ({ KMSKeyId }) => KMSKeyId,
};

interface BucketRule {
  readonly BucketKeyEnabled?: boolean;
  readonly ServerSideEncryptionByDefault: { readonly KMSMasterKeyID?: unknown };
}

interface KeyStatement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal: Readonly<Record<string, unknown>>;
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const keysOf = (template: Template) =>
  resources(template, 'AWS::KMS::Key').filter(([id]) => id === storageKeyId);

describe('the storage key', () => {
  let prod: Template;
  let statements: readonly KeyStatement[];
  beforeAll(() => {
    prod = templateOf('prod');
    statements = keysOf(prod)[0]?.[1].Properties['KeyPolicy']?.['Statement'] ?? [];
  });

  it.each([
    ['prod', undefined, 1],
    ['prod', { alarms: 'silent', storageKey: 'aws' }, 0],
    ['dev', {}, 0],
    ['dev', { storageKey: 'customer-managed' }, 1],
    ['local', {}, 0],
  ])('is a setting: stage %s with %j has %i', (stage, settings, count) => {
    const template = templateOf(stage, settings);
    expect(keysOf(template)).toHaveLength(count);
    for (const [type, keyOf] of Object.entries(encrypted)) {
      for (const [id, { Properties }] of resources(template, type)) {
        const isOwn = JSON.stringify(keyOf(Properties)) === JSON.stringify(storageKeyArn);
        expect({ id, isOwn }).toEqual({ id, isOwn: count === 1 });
      }
    }
  });

  it('is rotated, has a name, and stays for 30 days after somebody has deleted it', () => {
    expect(keysOf(prod)[0]?.[1]).toMatchObject({
      Properties: { EnableKeyRotation: true, PendingWindowInDays: 30 },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
    prod.hasResourceProperties('AWS::KMS::Alias', {
      AliasName: 'alias/streamfold/prod/storage',
      TargetKeyId: storageKeyArn,
    });
    const [[, ofTrials] = []] = keysOf(templateOf('dev', { storageKey: 'customer-managed' }));
    expect(ofTrials).toMatchObject({ Properties: { PendingWindowInDays: 7 }, DeletionPolicy: 'Delete' });
  });

  it('can be chosen for the local host, which ignores it', () => {
    const template = templateOf('local', { storageKey: 'customer-managed' }).toJSON();
    const hosted = Object.values(template['Resources'] as Record<string, Resource>)
      .filter(({ Type }) => !typesWithoutEffect.has(Type))
      .flatMap(({ Type, Properties = {} }) => Object.keys(Properties).map((name) => [Type, name] as const));
    const refused = hosted.filter(
      ([type, name]) =>
        ![...(resourceTypes[type]?.properties ?? []), ...(resourceTypes[type]?.ignored ?? [])].includes(name),
    );
    expect(refused).toEqual([]);
  });

  it('encrypts all that stores data', () => {
    const types = Object.values(prod.toJSON()['Resources'] as Record<string, Resource>).map(
      ({ Type }) => Type,
    );
    const storing =
      /^AWS::(CloudTrail|DynamoDB|Kinesis|Logs|S3|SQS|Firehose|ECR|EFS|ElastiCache|RDS|Backup)::(?!.*Policy$)/;
    expect(new Set(types.filter((type) => storing.test(type)))).toEqual(new Set(Object.keys(encrypted)));
  });

  /** The ids of the functions' roles in a statement, without hashes. */
  const rolesOf = ({ Principal }: KeyStatement) =>
    [Principal['AWS'] ?? []]
      .flat()
      .map((role) => (role as { 'Fn::GetAtt'?: [string] })['Fn::GetAtt']?.[0].replace(/Role[0-9A-F]{8}$/, ''))
      .filter((id) => id !== undefined)
      .sort();

  it('is used by functions as far as they use what it encrypts, and through these services only', () => {
    const uses = statements
      .filter((statement) => rolesOf(statement).length > 0)
      .map((statement) => ({
        sid: statement.Sid,
        actions: statement.Action,
        via: JSON.stringify(statement.Condition?.['StringEquals']?.['kms:ViaService']).replace(
          /^.*\["([a-z0-9.]+)\.",\{"Ref":"AWS::Region"\},"\.amazonaws\.com"\].*$/,
          '$1',
        ),
      }));
    expect(uses).toEqual([
      { sid: 'Tables', actions: 'kms:Decrypt', via: 'dynamodb' },
      { sid: 'StreamsOfTables', actions: 'kms:Decrypt', via: 'streams.dynamodb' },
      { sid: 'Senders', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], via: 'sqs' },
      { sid: 'Receivers', actions: 'kms:Decrypt', via: 'sqs' },
      { sid: 'Publishers', actions: 'kms:GenerateDataKey', via: 'kinesis' },
      { sid: 'Consumers', actions: 'kms:Decrypt', via: 'kinesis' },
      { sid: 'Readers', actions: 'kms:Decrypt', via: 's3' },
      { sid: 'Writers', actions: 'kms:GenerateDataKey', via: 's3' },
    ]);
  });

  it.each([
    ['Tables', /^dynamodb:(Get|Put|Query|Scan|Update|Delete|Batch)/],
    ['StreamsOfTables', /^dynamodb:GetRecords$/],
    ['Senders', /^sqs:SendMessage$/],
    ['Receivers', /^sqs:ReceiveMessage$/],
    ['Publishers', /^kinesis:Put/],
    ['Consumers', /^kinesis:GetRecords$/],
    ['Readers', /^s3:GetObject$/],
    ['Writers', /^s3:PutObject$/],
  ])('is granted to the roles that need it for their work, and to no others: %s', (sid, actions) => {
    const statement = statements.find(({ Sid }) => Sid === sid);
    const needing = resources(prod, 'AWS::IAM::Policy')
      .filter(([, { Properties }]) =>
        ((Properties['PolicyDocument']?.['Statement'] ?? []) as KeyStatement[]).some(({ Action }) =>
          [Action].flat().some((action) => actions.test(action)),
        ),
      )
      .map(([id]) => id.replace(/RoleDefaultPolicy[0-9A-F]{8}$/, ''))
      .sort();
    expect(needing.length).toBeGreaterThan(0);
    expect(statement && rolesOf(statement)).toEqual(needing);
  });

  it('reaches every function, and no role of people', () => {
    const roles = new Set(statements.flatMap(rolesOf));
    expect(roles.size).toBe(functions.length);
    expect([...roles].filter((role) => /Operator|Machine/.test(role))).toEqual([]);
    // Roles have no grant on keys of their own: the policy of the key has them all.
    const policies = JSON.stringify(resources(prod, 'AWS::IAM::Policy'));
    expect(policies).not.toContain(storageKeyId);
  });

  it('is used by a service that acts for nobody only for resources of this stage', () => {
    const services = statements
      .filter(({ Principal }) => Principal['Service'] !== undefined)
      .map(({ Principal, Condition }) => [
        JSON.stringify(Principal['Service']).replace(/^.*"([a-z]+)\..*$/, '$1'),
        Object.values(Condition ?? {}).flatMap((keys) => Object.keys(keys)),
        JSON.stringify(Condition).includes('streamfold-prod'),
      ]);
    expect(services).toEqual([
      ['logs', ['kms:EncryptionContext:aws:logs:arn'], true],
      ['events', ['aws:SourceAccount', 'kms:EncryptionContext:aws:sqs:arn'], true],
      ['cloudtrail', ['aws:SourceArn'], true],
    ]);
  });
});

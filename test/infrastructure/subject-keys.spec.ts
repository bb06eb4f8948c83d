import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { resources, templateOf } from '../support/synthesized.ts';
import { storageKeyArn } from '../support/template-expectations.ts';

const stages = [
  { stage: 'local', protect: false },
  { stage: 'prod', protect: true },
];

describe.each(stages)('the keys of persons on stage $stage', ({ stage, protect }) => {
  const template = () => templateOf(stage);
  const policy = protect ? 'Retain' : 'Delete';

  it('are in a table without a stream or index, whose backup is short', () => {
    const [[, table] = ['', undefined]] = resources(template(), 'AWS::DynamoDB::Table').filter(([id]) =>
      id.startsWith('SubjectKeys'),
    );
    expect(table).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: policy });
    expect(table?.Properties).toEqual({
      AttributeDefinitions: [{ AttributeName: 'subject', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'subject', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: protect,
      PointInTimeRecoverySpecification: protect
        ? { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 }
        : { PointInTimeRecoveryEnabled: false },
      ...(protect && { SSESpecification: expect.objectContaining({ KMSMasterKeyId: storageKeyArn }) }),
    });
  });

  it('are wrapped by a key of the stage that is rotated, and not deleted at once', () => {
    const [[id, key] = ['', undefined]] = resources(template(), 'AWS::KMS::Key').filter(([name]) =>
      name.startsWith('SubjectKeys'),
    );
    expect(key).toMatchObject({
      DeletionPolicy: policy,
      UpdateReplacePolicy: policy,
      Properties: { EnableKeyRotation: true, PendingWindowInDays: protect ? 30 : 7 },
    });
    template().hasResourceProperties('AWS::KMS::Alias', {
      AliasName: `alias/streamfold-${stage}-subject-keys`,
      TargetKeyId: { 'Fn::GetAtt': [id, 'Arn'] },
    });
  });
});

it('only the functions that need personal values in clear use keys, and only the eraser deletes one', () => {
  const about = /SubjectKeys(Table|WrappingKey)/;
  const granted = resources(templateOf('prod'), 'AWS::IAM::Policy').flatMap(([id, { Properties }]) => {
    const statements = (Properties['PolicyDocument']?.['Statement'] ?? []) as unknown as readonly {
      readonly Action: string | readonly string[];
      readonly Resource: unknown;
    }[];
    const actions = statements
      .filter(({ Resource }) => about.test(JSON.stringify(Resource)))
      .flatMap(({ Action }) => Action);
    return actions.length === 0 ? [] : [[id.replace(/RoleDefaultPolicy.*/, ''), actions.sort()] as const];
  });
  expect(Object.fromEntries(granted)).toEqual({
    Api: [
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'kms:Decrypt',
      'kms:GenerateDataKey',
    ],
    // It cannot decrypt.
    PersonEraser: ['dynamodb:DeleteItem', 'dynamodb:Scan'],
    PersonIndexer: ['dynamodb:GetItem', 'dynamodb:PutItem', 'kms:Decrypt', 'kms:GenerateDataKey'],
    PrescriptionAnalyzer: ['dynamodb:GetItem', 'kms:Decrypt'],
    PrescriptionRecorder: ['dynamodb:GetItem', 'dynamodb:PutItem', 'kms:Decrypt', 'kms:GenerateDataKey'],
  });
});

it('no other function has the name of the table or of the key in its environment', () => {
  const withKeys = resources(templateOf('prod'), 'AWS::Lambda::Function')
    .filter(([, { Properties }]) => Properties['Environment']?.['Variables']?.['SUBJECT_KEY_TABLE'])
    .map(([, { Properties }]) => Properties['FunctionName']);
  expect(withKeys.sort()).toEqual([
    'streamfold-prod-api',
    'streamfold-prod-person-eraser',
    'streamfold-prod-person-indexer',
    'streamfold-prod-prescription-analyzer',
    'streamfold-prod-prescription-recorder',
  ]);
  templateOf('prod').hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({
        SUBJECT_KMS_KEY_ARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SubjectKeys'), 'Arn'] },
      }),
    },
  });
});

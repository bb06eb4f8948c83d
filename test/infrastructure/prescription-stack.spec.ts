import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { resources, templateOf } from '../support/synthesized.ts';
import { allBlocked, refusesPlainHttp } from '../support/template-expectations.ts';

describe.each([
  { stage: 'local', isVersioned: false, algorithm: 'AES256' },
  { stage: 'dev', isVersioned: false, algorithm: 'AES256' },
  { stage: 'prod', isVersioned: true, algorithm: 'aws:kms' },
])('the documents of stage $stage', ({ stage, isVersioned, algorithm }) => {
  let template: Template;
  beforeAll(() => {
    template = templateOf(stage);
  });
  const bucket = () => {
    const buckets = resources(template, 'AWS::S3::Bucket').filter(([id]) => id.startsWith('Documents'));
    expect(buckets).toHaveLength(1);
    const [[id, { Properties }] = ['', { Properties: {} as Record<string, never> }]] = buckets;
    return { id, Properties };
  };

  it('are private and encrypted', () => {
    expect(bucket().Properties).toMatchObject({
      PublicAccessBlockConfiguration: allBlocked,
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }],
      },
    });
  });

  it('cannot be read by plain HTTP', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: bucket().id },
      PolicyDocument: {
        Statement: [refusesPlainHttp('s3:*')],
      },
    });
  });

  it('are deleted after a week if no event refers to them', () => {
    const { Properties } = bucket();
    expect(Properties['VersioningConfiguration']).toEqual(isVersioned ? { Status: 'Enabled' } : undefined);
    expect(Properties['LifecycleConfiguration']).toEqual({
      Rules: [
        {
          Id: 'SweepWithoutEvent',
          Status: 'Enabled',
          TagFilters: [{ Key: 'state', Value: 'uploaded' }],
          ExpirationInDays: 7,
        },
        {
          Id: 'SweepRemains',
          Status: 'Enabled',
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          ...(isVersioned && {
            NoncurrentVersionExpiration: { NoncurrentDays: 7 },
            ExpiredObjectDeleteMarker: true,
          }),
        },
      ],
    });
  });
});

describe('the analyzer of prescriptions', () => {
  const bedrockStatements = (template: Template) =>
    resources(template, 'AWS::IAM::Policy')
      .filter(([id]) => id.startsWith('PrescriptionAnalyzer'))
      .flatMap(([, { Properties }]) => Properties['PolicyDocument']?.['Statement'] as unknown as object[])
      .filter((statement) => JSON.stringify(statement).includes('bedrock'));
  const environmentOf = (template: Template) =>
    Object.values(
      template.findResources('AWS::Lambda::Function', {
        Properties: { FunctionName: Match.stringLikeRegexp('prescription-analyzer$') },
      }),
    ).map(({ Properties }) => Properties.Environment.Variables);

  it.each(['local', 'dev', 'prod'])('sends no document to a model by default (%s)', (stage) => {
    const template = templateOf(stage);
    const [environment] = environmentOf(template);
    expect(environment).toMatchObject({ ANALYZER: 'embedded' });
    expect(environment).not.toHaveProperty('BEDROCK_MODEL_ID');
    expect(bedrockStatements(template)).toEqual([]);
  });

  it.each([
    {
      bedrockModelId: 'amazon.nova-lite-v1:0',
      arns: ['arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0'],
    },
    {
      bedrockModelId: 'us.amazon.nova-lite-v1:0',
      arns: [
        'arn:aws:bedrock:us-*::foundation-model/amazon.nova-lite-v1:0',
        'arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-lite-v1:0',
      ],
    },
  ])('may call only the model that the stage names ($bedrockModelId)', ({ bedrockModelId, arns }) => {
    const template = templateOf('local', { analyzer: { bedrockModelId } });
    expect(environmentOf(template)).toMatchObject([
      { ANALYZER: 'bedrock', BEDROCK_MODEL_ID: bedrockModelId },
    ]);
    const [statement, ...others] = bedrockStatements(template) as { Action: string; Resource: unknown }[];
    expect(others).toEqual([]);
    expect(statement?.Action).toBe('bedrock:InvokeModel');
    expect([statement?.Resource].flat().map(arnText).sort()).toEqual(arns);
  });
});

/** An ARN with `aws` in the place of the partition, which only CloudFormation knows. */
function arnText(arn: unknown): string {
  if (typeof arn === 'string') return arn;
  const [, parts] = (arn as { 'Fn::Join': [string, (string | object)[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('');
}

import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { resourceTypes, typesWithoutEffect } from '../../tools/host/template/resources/registry.ts';
import { logicalIdOf, resources, templateOf } from '../support/synthesized.ts';
import { allBlocked } from '../support/template-expectations.ts';

interface Selector {
  readonly FieldSelectors: readonly Readonly<Record<string, unknown>>[];
}

const trails = (stage: string, settings?: object) =>
  resources(templateOf(stage, settings), 'AWS::CloudTrail::Trail').map(([, { Properties }]) => Properties);

describe('data events of CloudTrail', () => {
  it.each([
    ['prod', undefined, 1],
    ['dev', {}, 0],
    ['local', {}, 0],
    ['local', { dataEvents: 'on' }, 1],
    ['prod', { alarms: 'silent', dataEvents: 'off' }, 0],
  ])('are a setting: stage %s with %j has %i trails', (stage, settings, count) => {
    expect(trails(stage, settings)).toHaveLength(count);
  });

  it('can be on for the local host, which ignores the trail', () => {
    const types = resources(
      templateOf('local', { dataEvents: 'on' }),
      'AWS::CloudTrail::Trail',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ).map(([, { Type }]) => Type);
    expect(types).toContain('AWS::CloudTrail::Trail');
    expect(types.filter((type) => !(type in resourceTypes) && !typesWithoutEffect.has(type))).toEqual([]);
  });

  it('are those of the log, the documents, the batches that were given up, and the functions', () => {
    const [trail] = trails('prod');
    const selectors = (trail?.['AdvancedEventSelectors'] ?? []) as readonly Selector[];
    const selected = selectors.map(({ FieldSelectors }) => FieldSelectors);
    expect(selected.map(([category, type]) => [category, type?.['Equals']])).toEqual(
      ['AWS::DynamoDB::Table', 'AWS::S3::Object', 'AWS::Lambda::Function'].map((type) => [
        { Field: 'eventCategory', Equals: ['Data'] },
        [type],
      ]),
    );
    const [table, objects, functions] = selected.map(([, , arn]) => arn);
    expect(((table?.['Equals'] ?? []) as unknown[]).map(logicalIdOf)).toEqual(['EventLogTable']);
    const prefixes = objects?.['StartsWith'] as { 'Fn::Join': [string, [object, string]] }[];
    expect(prefixes.map(({ 'Fn::Join': [, [bucket, rest]] }) => [logicalIdOf(bucket), rest])).toEqual([
      ['DocumentsBucket', '/'],
      ['FailuresBucket', '/'],
    ]);
    expect(JSON.stringify(functions)).toContain(':function:streamfold-prod-');
  });

  it('go to a protected bucket, to which only this trail can write', () => {
    const template = templateOf('prod');
    const [bucket] = Object.entries(template.findResources('AWS::S3::Bucket')).filter(([id]) =>
      /^DataEventsBucket[0-9A-F]{8}$/.test(id),
    );
    expect(bucket?.[1]).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: allBlocked,
        BucketEncryption: expect.anything(),
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 400, Status: 'Enabled' }] },
      },
    });
    template.hasResource('AWS::CloudTrail::Trail', {
      Properties: {
        IsLogging: true,
        EnableLogFileValidation: true,
        S3BucketName: { Ref: bucket?.[0] },
        TrailName: 'streamfold-prod',
      },
      DependsOn: [Match.stringLikeRegexp('^DataEventsBucketPolicy')],
    });
    const ours = { StringEquals: Match.objectLike({ 'aws:SourceArn': Match.anyValue() }) };
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: bucket?.[0] },
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny' }),
          Match.objectLike({ Action: 's3:GetBucketAcl', Condition: ours }),
          Match.objectLike({ Action: 's3:PutObject', Condition: ours }),
        ],
      },
    });
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { contextNames } from '../../schema/contexts.ts';
import { tableVariable } from '../../schema/names.ts';
import { resources, templateOf } from '../support/synthesized.ts';

describe('the verifier', () => {
  let prod: Template;
  beforeAll(() => {
    prod = templateOf('prod');
  });

  it('runs every hour, and a run that fails is not repeated', () => {
    prod.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^VerifyVerifierFunction'), 'Arn'] },
          RetryPolicy: { MaximumRetryAttempts: 0 },
        },
      ],
    });
  });

  it('knows the log, its segments, every read model, and the size of a sample', () => {
    const [verifier] = resources(prod, 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties['FunctionName'] === 'streamfold-prod-verifier',
    );
    const environment = verifier?.[1].Properties['Environment'] as unknown as {
      Variables: Record<string, unknown>;
    };
    expect(Object.keys(environment.Variables)).toEqual(
      expect.arrayContaining([
        ...['EVENT_LOG_TABLE', 'SEGMENT_TABLE', 'CONTROL_TABLE', 'PARKED_TABLE'],
        ...contextNames.map(tableVariable),
      ]),
    );
    expect(environment.Variables['VERIFY_SAMPLE']).toBe('100');
  });

  it.each([
    ['local', { verifySample: 7 }, '7'],
    ['dev', {}, '100'],
  ])('takes the sample of the stage %s', (stage, settings, sample) => {
    templateOf(stage, settings).hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `streamfold-${stage}-verifier`,
      Environment: { Variables: { VERIFY_SAMPLE: sample } },
    });
  });
});

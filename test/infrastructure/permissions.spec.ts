import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { resources, templateOf } from '../support/synthesized.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Effect: string;
  readonly Resource: unknown;
}

describe('what each function may do', () => {
  /** The resources that these actions cannot be narrowed to, as AWS documents. */
  const unscoped = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'dynamodb:ListStreams'];

  let prod: Template;
  let granted: Map<string, readonly Statement[]>;

  beforeAll(() => {
    prod = templateOf('prod');
    granted = new Map(
      resources(prod, 'AWS::IAM::Policy').map(([id, { Properties }]) => [
        id.replace(/RoleDefaultPolicy.*/, ''),
        Properties['PolicyDocument']?.['Statement'] as unknown as Statement[],
      ]),
    );
  });

  it('comes from a role of its own, without a managed policy', () => {
    const roles = resources(prod, 'AWS::IAM::Role');
    expect(roles).toHaveLength(8);
    for (const [, { Properties }] of roles) expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('is spelled out: no action by a wildcard, no data by a wildcard', () => {
    expect([...granted.keys()].sort()).toEqual([
      'Api',
      'DispenseProjector',
      'LedgerProjector',
      'MetricsProjector',
      'MetricsSweeper',
      'PrescriptionAnalyzer',
      'Publisher',
      'TodoProjector',
    ]);
    for (const statement of [...granted.values()].flat()) {
      const actions = [statement.Action].flat();
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      if (statement.Resource === '*') expect(unscoped).toEqual(expect.arrayContaining(actions));
    }
  });

  it('is the same on every stage: what is measured on one holds on all', () => {
    const policiesOf = (template: Template) =>
      Object.fromEntries(
        resources(template, 'AWS::IAM::Policy').map(([id, { Properties }]) => [
          id,
          Properties['PolicyDocument'],
        ]),
      );
    const measured = policiesOf(templateOf('local'));
    expect(policiesOf(prod)).toEqual(measured);
    expect(policiesOf(templateOf('dev'))).toEqual(measured);
  });
});

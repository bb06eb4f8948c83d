import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { functions } from '../support/deployed.ts';
import { resources, templateOf } from '../support/synthesized.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Effect: string;
  readonly Resource: unknown;
}

describe('the permissions of each function', () => {
  /** Actions that AWS cannot limit to a resource. */
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

  it('come from its own role, without a managed policy', () => {
    const roles = resources(prod, 'AWS::IAM::Role');
    expect(roles).toHaveLength(functions.length);
    for (const [, { Properties }] of roles) expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('have no wildcards in actions or in data', () => {
    expect(granted.size).toBe(functions.length);
    for (const statement of [...granted.values()].flat()) {
      const actions = [statement.Action].flat();
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      if (statement.Resource === '*') expect(unscoped).toEqual(expect.arrayContaining(actions));
    }
  });

  it('are the same on every stage, so a measurement on one holds for all', () => {
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

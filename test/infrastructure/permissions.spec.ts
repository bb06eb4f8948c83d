import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { aggregateNames } from '../../schema/contexts.ts';
import { functions } from '../support/deployed.ts';
import { resources, templateOf } from '../support/synthesized.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Effect: string;
  readonly Resource: unknown;
  readonly Condition?: object;
}

describe('the permissions of each function', () => {
  /** Actions that AWS cannot limit to a resource. */
  const unscoped = [
    ...['xray:PutTraceSegments', 'xray:PutSpans', 'xray:PutSpansForIndexing'],
    'dynamodb:ListStreams',
  ];

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
    // Two more are for operators, and for the state machine of rebuilds.
    expect(roles).toHaveLength(functions.length + 2);
    for (const [, { Properties }] of roles) expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    // The CDK makes one of what it thinks too much for a role.
    prod.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  it('have no wildcards in actions or in data', () => {
    // The state machine has one more policy, for the executions of its parts.
    expect(granted.size).toBe(functions.length + 3);
    for (const statement of [...granted.values()].flat()) {
      const actions = [statement.Action].flat();
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      if (statement.Resource === '*') expect(unscoped).toEqual(expect.arrayContaining(actions));
    }
  });

  it('let each function append to the streams of its own categories and replace their snapshots, and nobody change a commit', () => {
    const tablesIn = (resource: unknown) =>
      [resource]
        .flat()
        .flatMap((one) => /EventLog(Table|Snapshots)\w+","Arn"/.exec(JSON.stringify(one))?.[1] ?? []);
    const writing = /^dynamodb:(BatchWrite|Delete|PartiQL|Put|Update)/;
    const writes = [...granted].flatMap(([role, statements]) =>
      statements
        .filter(({ Resource }) => tablesIn(Resource).length > 0)
        .flatMap(({ Action, Condition, Resource }) =>
          [Action]
            .flat()
            .filter((action) => writing.test(action))
            .map((action) => [role, tablesIn(Resource), action, Condition]),
        ),
    );
    const appending = (...categories: string[]) => [
      ['Snapshots', 'Table'],
      'dynamodb:PutItem',
      {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': categories.map((each) => `${each}/*`) },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    ];
    expect(Object.fromEntries(writes.map(([role, ...more]) => [role, more]))).toEqual({
      Api: appending(...aggregateNames),
      MetricsSweeper: appending('metrics'),
      PersonEraser: appending('dispense', 'person'),
      PrescriptionRecorder: appending('dispense'),
      // Snapshots that do not fit the log can be deleted, but not written.
      RebuildRebuilder: [['Snapshots'], 'dynamodb:DeleteItem', undefined],
    });
    expect(writes).toHaveLength(5);
  });

  it('let the verifier read only', () => {
    const actions = granted.get('VerifyVerifier')?.flatMap(({ Action }) => Action) ?? [];
    const onData = actions.filter((action) => action.startsWith('dynamodb:'));
    expect([...new Set(onData)].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:Scan',
    ]);
    expect(actions.filter((action) => !/^(dynamodb|logs|xray):/.test(action))).toEqual([]);
  });

  it('let every function that reads a document see that it is missing: without it, S3 answers 403, which is an outage', () => {
    const may = (action: string) =>
      [...granted]
        .filter(([, statements]) =>
          statements.some(
            ({ Action, Resource }) =>
              [Action].flat().includes(action) && JSON.stringify(Resource).includes('DocumentsBucket'),
          ),
        )
        .map(([role]) => role);
    expect(may('s3:GetObject')).toEqual(['Api', 'PrescriptionAnalyzer']);
    expect(may('s3:ListBucket')).toEqual(may('s3:GetObject'));
  });

  it('let API Gateway and the role of operators invoke the API, and nobody else', () => {
    const isApi = (reference: unknown) => JSON.stringify(reference).includes('ApiFunction');
    const grants = [...granted].flatMap(([role, statements]) =>
      statements
        .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('lambda:Invoke')))
        .map(({ Action, Resource }) => [role, Action, isApi(Resource)]),
    );
    expect(grants).toEqual([
      [expect.stringMatching(/^ApiOperatorDefaultPolicy/), 'lambda:InvokeFunction', true],
      // The state machine may invoke the rebuilder.
      ['RebuildMachine', 'lambda:InvokeFunction', false],
    ]);
    const invokers = resources(prod, 'AWS::Lambda::Permission')
      .filter(([, { Properties }]) => isApi(Properties['FunctionName']))
      .map(([, { Properties }]) => [Properties['Principal'], JSON.stringify(Properties['SourceArn'] ?? '')]);
    expect(invokers.length).toBeGreaterThan(0);
    for (const [principal, source] of invokers) {
      expect(principal).toBe('apigateway.amazonaws.com');
      expect(source).toContain('execute-api');
    }
    prod.hasResourceProperties('AWS::IAM::Role', {
      Description: Match.stringLikeRegexp('^Operators of Streamfold'),
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: {
              AWS: {
                'Fn::Join': [
                  '',
                  ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root'],
                ],
              },
            },
          },
        ],
      },
    });
    prod.hasOutput('OperatorRoleArn', {});
  });

  it('are the same on every stage, except those of tracing, so a measurement on one holds for all', () => {
    const policiesOf = (template: Template) =>
      Object.fromEntries(
        resources(template, 'AWS::IAM::Policy')
          // It is no function's. It has ARNs with account and region, which some stages fix.
          .filter(([id]) => !id.startsWith('RebuildMachineStateMachineDistributedMapPolicy'))
          .map(([id, { Properties }]) => [
            id,
            withoutTraces(Properties['PolicyDocument']?.['Statement'] as unknown as Statement[]),
          ]),
      );
    const measured = policiesOf(templateOf('local'));
    expect(policiesOf(prod)).toEqual(measured);
    expect(policiesOf(templateOf('dev'))).toEqual(measured);
  });
});

/** Statements without actions of X-Ray, which the stage `local` does not have. In an order that does not depend on them. */
function withoutTraces(statements: readonly Statement[]): Statement[] {
  return statements
    .map((each) => ({
      ...each,
      Action: [each.Action].flat().filter((action) => !action.startsWith('xray:')),
    }))
    .filter(({ Action }) => Action.length > 0)
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

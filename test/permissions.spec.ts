import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { resources, templateOf } from './support/synthesized.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Effect: string;
  readonly Resource: unknown;
}

/** What Lambda does on the function's behalf. */
const queueConsumer = [
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ReceiveMessage',
];

const failureDestination = ['ListBucket', 'PutObject'];

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

  it.each([
    {
      who: 'Api',
      may: {
        EventLogTable: ['GetItem', 'PutItem', 'Query'],
        EventLogSnapshots: ['GetItem', 'PutItem'],
        LedgerReadModelTable: ['BatchGetItem', 'GetItem', 'Query'],
        MetricsReadModelTable: ['BatchGetItem', 'GetItem', 'Query'],
        DispenseReadModelTable: ['BatchGetItem', 'GetItem', 'Query'],
        TodoReadModelTable: ['BatchGetItem', 'GetItem', 'Query'],
        DocumentsBucket: ['DeleteObject', 'GetObject', 'ListBucket', 'PutObject', 'PutObjectTagging'],
        ControlTable: ['GetItem', 'PutItem'],
        ControlParked: ['Query'],
      },
    },
    {
      who: 'Publisher',
      may: {
        EventLogTable: ['DescribeStream', 'GetRecords', 'GetShardIterator'],
        EventStream: ['PutRecords'],
        FailuresBucket: failureDestination,
        TodoQueue: ['SendMessage'],
        AnalysisQueue: ['SendMessage'],
        ControlTable: ['UpdateItem'],
        ControlParked: ['PutItem'],
      },
    },
    projector('LedgerProjector', 'LedgerReadModelTable'),
    projector('MetricsProjector', 'MetricsReadModelTable'),
    projector('DispenseProjector', 'DispenseReadModelTable'),
    {
      who: 'TodoProjector',
      may: {
        TodoQueue: queueConsumer,
        EventLogTable: ['Query'],
        TodoReadModelTable: ['BatchGetItem', 'BatchWriteItem', 'PutItem'],
        ControlParked: ['DeleteItem', 'PutItem', 'Query'],
      },
    },
    {
      who: 'PrescriptionAnalyzer',
      may: {
        AnalysisQueue: queueConsumer,
        EventLogTable: ['GetItem', 'PutItem', 'Query'],
        EventLogSnapshots: ['GetItem', 'PutItem'],
        DocumentsBucket: ['GetObject', 'ListBucket', 'PutObject', 'PutObjectTagging'],
      },
    },
    {
      who: 'MetricsSweeper',
      may: {
        EventLogTable: ['GetItem', 'PutItem', 'Query'],
        EventLogSnapshots: ['GetItem', 'PutItem'],
        MetricsReadModelTable: ['BatchGetItem', 'Query'],
      },
    },
  ])('$who: data by these actions only', ({ who, may }) => {
    expect(dataActions(granted.get(who) ?? [])).toEqual(may);
  });
});

/** What holds data (its logical id without the hash) to the actions allowed on it. */
function dataActions(statements: readonly Statement[]): Record<string, string[]> {
  const actions: Record<string, Set<string>> = {};
  for (const { Action, Resource } of statements) {
    const named = JSON.stringify(Resource).matchAll(
      /"(\w+(?:Table|Snapshots|Parked|Stream|Queue|Bucket))[0-9A-F]{8}"/g,
    );
    for (const [, logicalId = ''] of named) {
      const id = logicalId.replace('QueueQueue', 'Queue');
      actions[id] ??= new Set();
      for (const action of [Action].flat()) actions[id].add(action.slice(action.indexOf(':') + 1));
    }
  }
  return Object.fromEntries(Object.entries(actions).map(([id, set]) => [id, [...set].sort()]));
}

function projector(who: string, readModelTable: string) {
  return {
    who,
    may: {
      EventLogTable: ['Query'],
      [readModelTable]: ['BatchGetItem', 'BatchWriteItem', 'PutItem'],
      ControlTable: ['UpdateItem'],
      ControlParked: ['DeleteItem', 'PutItem', 'Query'],
      EventStream: [
        'DescribeStream',
        'DescribeStreamConsumer',
        'DescribeStreamSummary',
        'GetRecords',
        'GetShardIterator',
        'ListShards',
        'ListStreams',
        'SubscribeToShard',
      ],
      FailuresBucket: failureDestination,
    },
  };
}

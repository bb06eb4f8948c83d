import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { contextNames, queueNames } from '../../schema/contexts.ts';
import { constructName } from '../../schema/names.ts';
import { functions, streamConsumers, streamProjectors, tables } from '../support/deployed.ts';
import { resources, stackOf, templateOf } from '../support/synthesized.ts';
import {
  failureBucket,
  failureNotices,
  refusesPlainHttp,
  storageKeyArn,
} from '../support/template-expectations.ts';

/** Callers use these names. */
const namedFunctions = [
  'api',
  'publisher',
  'ledger-projector',
  'metrics-projector',
  'dispense-projector',
  'todo-projector',
  'prescription-analyzer',
  'prescription-recorder',
  'metrics-sweeper',
  'segment-sealer',
];
const workQueues = queueNames.length;
const statefulTypes = ['AWS::DynamoDB::Table', 'AWS::Kinesis::Stream', 'AWS::S3::Bucket'];

describe.each([
  { stage: 'local', policy: 'Delete', protect: false, logDays: 1, shards: 2, factor: 1 },
  { stage: 'dev', policy: 'Delete', protect: false, logDays: 7, shards: 1, factor: 1 },
  { stage: 'prod', policy: 'Retain', protect: true, logDays: 90, factor: 2 },
])('stage $stage', ({ stage, policy, protect, logDays, shards, factor }) => {
  let template: Template;

  beforeAll(() => {
    template = templateOf(stage);
  });

  const idsOf = (...types: readonly string[]) => resources(template, ...types).map(([id]) => id);
  const withoutHash = (id: string) => id.replace(/[0-9A-F]{8}$/, '');

  it('keeps the logical ids of what holds data: a new id means a new, empty resource', () => {
    expect(idsOf(...statefulTypes)).toEqual(
      expect.arrayContaining([
        'EventLogTable9CC67CCE',
        'EventLogSnapshots603661EA',
        'ControlTable70B6FEE0',
        'ControlParkedA6C2FB5F',
        'ControlWaiting627843D4',
        'LedgerReadModelTable9DC55B56',
        'MetricsReadModelTableF26F7DC9',
        'DispenseReadModelTable55FF39D3',
        'TodoReadModelTable3359CB74',
        'EventStreamA212D9D0',
        'DocumentsBucket089EA665',
        failureBucket,
      ]),
    );
    expect(idsOf('AWS::SQS::Queue')).toEqual(
      expect.arrayContaining([
        'TodoQueueFailures433103AC',
        'TodoQueueD6B1FF84',
        'AnalysisQueueFailuresD3486A65',
        'AnalysisQueueEB65CEAC',
        'UnreadQueueFailures4C9C8A9C',
        'FindingsQueueFailuresCAFE258F',
        'FindingsQueue6F3F0441',
        failureNotices,
      ]),
    );
  });

  it('has stateful resources for the contexts and queues of the catalogue, and no others', () => {
    expect(idsOf(...statefulTypes).map(withoutHash)).toEqual([
      'EventLogTable',
      'EventLogSnapshots',
      'EventLogSegments',
      'ControlTable',
      'ControlParked',
      'ControlWaiting',
      ...contextNames.map((name) => `${constructName(name)}ReadModelTable`),
      'SubjectKeysTable',
      'PersonIndexTable',
      'EventStream',
      'DocumentsBucket',
      'FailuresBucket',
      ...(stage === 'prod' ? ['DataEventsBucket'] : []),
    ]);
    expect(idsOf('AWS::SQS::Queue').map(withoutHash).sort()).toEqual(
      [
        'FailuresNotices',
        // The failure queue of `analysis` is the queue `unread`.
        ...queueNames.flatMap((name) => [
          `${constructName(name)}QueueFailures`,
          ...(name === 'unread' ? [] : [`${constructName(name)}Queue`]),
        ]),
      ].sort(),
    );
  });

  it(`${protect ? 'retains' : 'deletes'} data when the stack is deleted`, () => {
    const kept = resources(template, ...statefulTypes, 'AWS::Logs::LogGroup');
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of kept) {
      expect({ id, DeletionPolicy, UpdateReplacePolicy }).toEqual({
        id,
        DeletionPolicy: policy,
        UpdateReplacePolicy: policy,
      });
    }
  });

  it(`${protect ? 'refuses' : 'allows'} the deletion of the whole stack`, () => {
    expect(stackOf(stage).terminationProtection).toBe(protect);
  });

  it(`${protect ? 'protects' : 'does not protect'} every table`, () => {
    template.resourcePropertiesCountIs(
      'AWS::DynamoDB::Table',
      {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: protect,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: protect },
      },
      tables.length,
    );
  });

  it('streams new items of the log', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      Properties: {
        KeySchema: [
          { AttributeName: 'stream', KeyType: 'HASH' },
          { AttributeName: 'version', KeyType: 'RANGE' },
        ],
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      },
    });
  });

  it(`keeps logs for ${logDays} days`, () => {
    const logGroups = functions.length + 1; // One more for the HTTP API's access log.
    template.resourcePropertiesCountIs('AWS::Logs::LogGroup', { RetentionInDays: logDays }, logGroups);
    template.resourceCountIs('AWS::Logs::LogGroup', logGroups);
  });

  it('allows only API Gateway and the schedule to invoke a function', () => {
    const permissions = resources(template, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => Properties,
    );
    expect(new Set(permissions.map(({ Principal }) => Principal))).toEqual(
      new Set(['apigateway.amazonaws.com', 'events.amazonaws.com']),
    );
    for (const permission of permissions) {
      expect(permission).toMatchObject({ Action: 'lambda:InvokeFunction', SourceArn: expect.anything() });
    }
    template.resourceCountIs('AWS::Lambda::Url', 0);
  });

  it(`runs its event stream ${shards === undefined ? 'on demand' : `on ${shards} shards`}, encrypted`, () => {
    template.hasResourceProperties('AWS::Kinesis::Stream', {
      StreamModeDetails: { StreamMode: shards === undefined ? 'ON_DEMAND' : 'PROVISIONED' },
      ShardCount: shards ?? Match.absent(),
      StreamEncryption: { EncryptionType: 'KMS', KeyId: protect ? storageKeyArn : 'alias/aws/kinesis' },
    });
    template.resourcePropertiesCountIs(
      'AWS::Lambda::EventSourceMapping',
      { ParallelizationFactor: factor },
      streamProjectors.length,
    );
    // The functions must know it, because health would otherwise hide a batch that runs.
    template.resourcePropertiesCountIs(
      'AWS::Lambda::Function',
      { Environment: { Variables: Match.objectLike({ BATCHES_PER_SHARD: String(factor) }) } },
      streamProjectors.length,
    );
  });

  it('names and runs every function as callers and bundles expect', () => {
    expect(functions).toEqual(expect.arrayContaining(namedFunctions));
    for (const name of functions) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: `streamfold-${stage}-${name}`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: Match.absent(),
        LoggingConfig: { LogGroup: Match.anyValue() },
        Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: name, STAGE: stage }) },
      });
    }
    template.resourceCountIs('AWS::Lambda::Function', functions.length);
  });

  const sourcesOf = (isQueue: boolean) =>
    resources(template, 'AWS::Lambda::EventSourceMapping')
      .map(([, { Properties }]) => Properties as Record<string, Record<string, never> | undefined>)
      .filter(({ EventSourceArn }) => /Queue/.test(JSON.stringify(EventSourceArn)) === isQueue);

  it('gives every stream source limits and a failure destination', () => {
    const sources = sourcesOf(false);
    const destinations = sources.map((properties) => {
      expect(properties).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: -1,
        // Below the 24 hours after which both streams delete records: later, no batch could be stored.
        MaximumRecordAgeInSeconds: 23 * 3_600,
        StartingPosition: 'TRIM_HORIZON',
      });
      return properties['DestinationConfig']?.['OnFailure']?.['Destination'];
    });
    expect(destinations).toEqual(streamConsumers.map(() => ({ 'Fn::GetAtt': [failureBucket, 'Arn'] })));
  });

  it.each([
    // 230 deliveries, one every 6 minutes, are 23 hours.
    {
      queue: 'TodoQueue',
      consumer: 'TodoProjector',
      functionName: 'todo-projector',
      batchSize: 10,
      maxReceiveCount: 230,
      timeout: 60,
      hiddenSeconds: 360,
    },
    {
      queue: 'AnalysisQueue',
      consumer: 'PrescriptionAnalyzer',
      functionName: 'prescription-analyzer',
      batchSize: 1,
      maxReceiveCount: 2,
      timeout: 50,
      hiddenSeconds: 55,
    },
    {
      queue: 'FindingsQueue',
      consumer: 'PrescriptionRecorder',
      functionName: 'prescription-recorder',
      batchSize: 1,
      maxReceiveCount: 5,
      timeout: 30,
      hiddenSeconds: 180,
    },
  ])('feeds $consumer from $queue, with at most $maxReceiveCount deliveries', (expected) => {
    const { queue, consumer, batchSize, maxReceiveCount, timeout, hiddenSeconds, functionName } = expected;
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: hiddenSeconds,
      RedriveAllowPolicy: { redrivePermission: 'denyAll' },
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${queue}Failures`), 'Arn'] },
        maxReceiveCount,
      },
    });
    const own = sourcesOf(true).filter(
      ({ FunctionName, EventSourceArn }) =>
        JSON.stringify(FunctionName).includes(consumer) &&
        !JSON.stringify(EventSourceArn).includes('QueueFailures'),
    );
    expect(own).toMatchObject([
      {
        EventSourceArn: { 'Fn::GetAtt': [expect.stringContaining(`${queue}`), 'Arn'] },
        BatchSize: batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
      },
    ]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `streamfold-${stage}-${functionName}`,
      Timeout: timeout,
    });
  });

  it('feeds what the analyzer did not finish to the recorder, and waits for a person after five more deliveries', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp('^PrescriptionRecorder') },
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AnalysisQueueFailures'), 'Arn'] },
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 180,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UnreadQueueFailures'), 'Arn'] },
        // SQS counts the two deliveries to the analyzer too.
        maxReceiveCount: 2 + 5,
      },
    });
  });

  it('has no other event sources', () => {
    expect([sourcesOf(false), sourcesOf(true)].map(({ length }) => length)).toEqual([
      streamConsumers.length,
      workQueues,
    ]);
  });

  it('sends the publisher inserts only', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: Match.stringLikeRegexp('^PublisherFunction') },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT","MODIFY","REMOVE"]}' }] },
    });
  });

  it('updates every consumer of commits before the publisher', () => {
    const [[, publisher] = []] = resources(template, 'AWS::Lambda::Function').filter(([id]) =>
      id.startsWith('PublisherFunction'),
    );
    const before = (publisher as { DependsOn?: string[] } | undefined)?.DependsOn ?? [];
    const consumers = [
      ...contextNames.map((name) => `${constructName(name)}Projector`),
      'PrescriptionAnalyzer',
    ];
    for (const consumer of consumers) {
      expect(before).toContainEqual(expect.stringMatching(`^${consumer}(Analyzer)?Function`));
    }
  });

  it('encrypts queues, refuses plain HTTP to them, and keeps messages for 14 days', () => {
    const queues = resources(template, 'AWS::SQS::Queue');
    // The failure queue of `analysis` is the queue `unread`.
    expect(queues).toHaveLength(2 * workQueues);
    for (const [id, { Properties }] of queues) {
      expect(Properties).toMatchObject({
        MessageRetentionPeriod: 1_209_600,
        ...(protect
          ? { KmsMasterKeyId: storageKeyArn, KmsDataKeyReusePeriodSeconds: 3_600 }
          : { SqsManagedSseEnabled: true }),
      });
      template.hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: id }],
        PolicyDocument: {
          Statement: Match.arrayWith([refusesPlainHttp('sqs:*')]),
        },
      });
    }
  });

  it.each([
    ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', workQueues],
    ['AWS/SQS', 'ApproximateAgeOfOldestMessage', workQueues],
    ['AWS/Lambda', 'IteratorAge', streamConsumers.length],
    ['AWS/Lambda', 'Errors', functions.length],
  ])('watches %s %s', (Namespace, MetricName, count) => {
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { Namespace, MetricName }, count);
  });
});

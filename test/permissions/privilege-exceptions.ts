import { functions, queueProjectors, streamConsumers, streamProjectors } from '../support/deployed.ts';
import type { Exception } from './least-privilege.ts';

const queueConsumers = [
  ...queueProjectors,
  'prescription-analyzer',
  'prescription-recorder',
  'segment-sealer',
  'person-indexer',
  'person-eraser',
];

/** Grants that the Lambda service uses with the role of a function, and those for outages: here the function itself makes no such call. */
export const exceptions: readonly Exception[] = [
  {
    functions,
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: /Logs[0-9A-F]{8}$/,
    reason: 'Lambda writes what the function logs to its log group',
  },
  {
    functions: streamProjectors,
    actions: [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamConsumer',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:ListStreams',
      'kinesis:SubscribeToShard',
    ],
    resource: /:stream\/[^/]*EventStream[0-9A-F]{8}$/,
    reason: 'the event source mapping polls the event stream; the CDK grants it all that a reader may need',
  },
  {
    functions: ['publisher'],
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    resource: /:table\/[^/]*EventLogTable[0-9A-F]{8}\/stream\//,
    reason: "the event source mapping polls the log's stream",
  },
  {
    functions: ['publisher'],
    actions: ['dynamodb:ListStreams'],
    resource: /^\*$/,
    reason: "the event source mapping finds the log's stream",
  },
  {
    functions: queueConsumers,
    actions: [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ],
    resource: /:[^:]*Queue[0-9A-F]{8}$/,
    reason: 'the event source mapping receives from the queue and deletes what was handled',
  },
  {
    functions: ['prescription-recorder'],
    actions: [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ],
    resource: /:[^:]*AnalysisQueueFailures[0-9A-F]{8}$/,
    reason: 'the event source mapping receives what the analyzer did not finish',
  },
  {
    functions: ['prescription-recorder'],
    actions: ['dynamodb:PutItem', 'kms:GenerateDataKey'],
    resource: /SubjectKeysTable[0-9A-F]{8}$|:key\//,
    reason: 'only for a dispense that an earlier version started, which has no key yet: this host has none',
  },
  {
    functions: ['person-indexer'],
    actions: ['dynamodb:PutItem', 'kms:GenerateDataKey'],
    resource: /SubjectKeysTable[0-9A-F]{8}$|:key\//,
    reason:
      'only for a tenant none of whose dispenses was started with an idempotency key: the API created the search key here',
  },
  {
    functions: ['prescription-analyzer'],
    actions: ['sqs:SendMessage'],
    resource: /:[^:]*AnalysisQueue[0-9A-F]{8}$/,
    reason: 'only in an outage of the log, the documents, the model or the findings: the host has none',
  },
  {
    functions: streamConsumers,
    actions: ['s3:ListBucket', 's3:PutObject'],
    resource: /:[^:]*failuresbucket[0-9a-f]{8}(\/aws\/lambda\/\*)?$/,
    reason: 'the event source mapping puts the batches it gave up into the failure bucket',
  },
];

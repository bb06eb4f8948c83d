import type { LocalFunction } from '../lambda/function.ts';
import { UserError } from '../user-error.ts';
import { type Pattern, parsePattern } from './filter.ts';

export type SourceKind = 'dynamodb' | 'kinesis' | 'sqs';

/** A queue or a bucket that gets what was given up. */
export type FailureDestination =
  | { readonly kind: 'queue'; readonly arn: string }
  | { readonly kind: 'bucket'; readonly bucketName: string };

/** The options of an event source mapping that are honoured here, with AWS's defaults. */
export interface EventSourceMapping {
  readonly id: string;
  readonly kind: SourceKind;
  readonly sourceArn: string;
  readonly target: LocalFunction;
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly reportsBatchItemFailures: boolean;
  readonly bisects: boolean;
  /** Undefined: without end. */
  readonly maximumRetryAttempts: number | undefined;
  /** Undefined: without end. */
  readonly maximumRecordAgeMs: number | undefined;
  readonly parallelizationFactor: number;
  /** Of an SQS queue: batches at once. */
  readonly maximumConcurrency: number;
  /** What is told of what was given up. */
  readonly failureDestination: FailureDestination | undefined;
  /** A record must match one of them, unless there are none. */
  readonly filters: readonly Pattern[];
}

const defaultBatchSize: Record<SourceKind, number> = { dynamodb: 100, kinesis: 100, sqs: 10 };
const defaultMaximumConcurrency = 2;

/** @throws {UserError} for a source or an option that does not run here. */
export function parseMapping(
  id: string,
  properties: Readonly<Record<string, unknown>>,
  target: LocalFunction,
): EventSourceMapping {
  const sourceArn = String(properties['EventSourceArn']);
  const kind = kindOf(id, sourceArn);
  const startingPosition = properties['StartingPosition'] ?? 'TRIM_HORIZON';
  if (startingPosition !== 'TRIM_HORIZON' && startingPosition !== 'LATEST') {
    throw new UserError(`${id}: starting position ${startingPosition} is unknown here.`);
  }
  const number = (name: string, otherwise: number) => Number(properties[name] ?? otherwise);
  const unlessEndless = (value: number) => (value === -1 ? undefined : value);
  const maximumRecordAgeSeconds = unlessEndless(number('MaximumRecordAgeInSeconds', -1));
  const { OnFailure } = nested(properties['DestinationConfig']);
  return {
    id,
    kind,
    sourceArn,
    target,
    batchSize: number('BatchSize', defaultBatchSize[kind]),
    batchingWindowMs: number('MaximumBatchingWindowInSeconds', 0) * 1_000,
    startingPosition,
    reportsBatchItemFailures: asList(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures'),
    bisects: properties['BisectBatchOnFunctionError'] === true,
    maximumRetryAttempts: unlessEndless(number('MaximumRetryAttempts', -1)),
    maximumRecordAgeMs: maximumRecordAgeSeconds === undefined ? undefined : maximumRecordAgeSeconds * 1_000,
    parallelizationFactor: number('ParallelizationFactor', 1),
    maximumConcurrency: Number(
      nested(properties['ScalingConfig'])['MaximumConcurrency'] ?? defaultMaximumConcurrency,
    ),
    failureDestination: failureDestinationOf(id, nested(OnFailure)['Destination']),
    filters: asList(nested(properties['FilterCriteria'])['Filters']).map((filter) =>
      parsePattern(String(nested(filter)['Pattern'])),
    ),
  };
}

function kindOf(id: string, arn: string): SourceKind {
  const service = arn.split(':')[2];
  if (service === 'dynamodb' || service === 'kinesis' || service === 'sqs') return service;
  throw new UserError(`${id}: events of ${arn} do not come here; see local/event-sources.`);
}

function failureDestinationOf(id: string, arn: unknown): FailureDestination | undefined {
  if (arn === undefined) return undefined;
  const text = String(arn);
  const [, , service, , , name = ''] = text.split(':');
  if (service === 'sqs') return { kind: 'queue', arn: text };
  if (service === 's3') return { kind: 'bucket', bucketName: name };
  throw new UserError(`${id}: failures go to queues and buckets here, not to ${text}.`);
}

function nested(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

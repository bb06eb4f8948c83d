import type { LocalFunction } from '../lambda/function.ts';
import { UserError } from '../user-error.ts';
import { type Pattern, parsePattern } from './filter.ts';

/** An event source mapping that the host supports, with AWS's defaults. */
export interface EventSourceMapping {
  readonly id: string;
  readonly kind: 'dynamodb' | 'kinesis' | 'sqs';
  readonly sourceArn: string;
  readonly target: LocalFunction;
  readonly batchSize: number;
  readonly bisects: boolean;
  /** Infinity: no bound. */
  readonly maximumRetryAttempts: number;
  /** Infinity: no bound. */
  readonly maximumRecordAgeMs: number;
  /** Batches of one queue at a time. */
  readonly maximumConcurrency: number;
  /** The bucket for records that are given up. */
  readonly failureBucket: string | undefined;
  /** A record of a stream must match at least one. Empty: all records match. */
  readonly filters: readonly Pattern[];
}

type Properties = Readonly<Record<string, unknown>>;

const defaultMaximumConcurrency = 2;
/** AWS requires a batching window for larger batches, and the host does not support one. */
const maximumQueueBatchSize = 10;

/** @throws {UserError} naming a source, an option or a value that the host does not support. */
export function parseMapping(id: string, properties: Properties, target: LocalFunction): EventSourceMapping {
  const sourceArn = String(properties['EventSourceArn']);
  const kind = kindOf(sourceArn);
  const number = (name: string, otherwise: number) => Number(properties[name] ?? otherwise);
  // AWS's -1: no bound.
  const bound = (name: string) => (number(name, -1) === -1 ? Number.POSITIVE_INFINITY : number(name, 0));
  const mapping = {
    id,
    kind,
    sourceArn,
    target,
    batchSize: number('BatchSize', kind === 'sqs' ? maximumQueueBatchSize : 100),
    bisects: properties['BisectBatchOnFunctionError'] === true,
    maximumRetryAttempts: bound('MaximumRetryAttempts'),
    maximumRecordAgeMs: bound('MaximumRecordAgeInSeconds') * 1_000,
    maximumConcurrency: Number(
      nested(properties['ScalingConfig'])['MaximumConcurrency'] ?? defaultMaximumConcurrency,
    ),
    failureBucket: failureBucketOf(properties),
    filters: filtersOf(properties),
  };
  requireSupported(mapping, properties);
  return mapping;
}

function requireSupported({ kind, batchSize, filters }: EventSourceMapping, properties: Properties): void {
  const responseTypes = properties['FunctionResponseTypes'] ?? [];
  if (String(responseTypes) !== 'ReportBatchItemFailures') {
    throw new UserError('only mappings that report batch item failures are supported.');
  }
  if (kind !== 'sqs' && properties['StartingPosition'] !== 'TRIM_HORIZON') {
    throw new UserError('only the starting position TRIM_HORIZON is supported.');
  }
  if (kind === 'sqs' && batchSize > maximumQueueBatchSize) {
    throw new UserError(`a BatchSize above ${maximumQueueBatchSize} is not supported for queues.`);
  }
  if (kind === 'sqs' && filters.length > 0) {
    throw new UserError('FilterCriteria are supported for streams only.');
  }
}

function kindOf(arn: string): EventSourceMapping['kind'] {
  const service = arn.split(':')[2];
  if (service === 'dynamodb' || service === 'kinesis' || service === 'sqs') return service;
  throw new UserError(`events of ${arn} are not supported.`);
}

function failureBucketOf(properties: Properties): string | undefined {
  const { Destination } = nested(nested(properties['DestinationConfig'])['OnFailure']);
  if (Destination === undefined) return undefined;
  const [, bucket] = String(Destination).split('arn:aws:s3:::');
  if (bucket !== undefined) return bucket;
  throw new UserError(`failures can go to buckets only, not to ${Destination}.`);
}

function filtersOf(properties: Properties): Pattern[] {
  const filters = nested(properties['FilterCriteria'])['Filters'] as { Pattern: string }[] | undefined;
  return (filters ?? []).map(({ Pattern }) => parsePattern(Pattern));
}

function nested(value: unknown): Properties {
  return typeof value === 'object' && value !== null ? (value as Properties) : {};
}

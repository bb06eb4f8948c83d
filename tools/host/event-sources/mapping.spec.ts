import { describe, expect, it } from '@jest/globals';
import type { LocalFunction } from '../lambda/function.ts';
import { parseMapping } from './mapping.ts';

const arn = (service: string) => `arn:aws:${service}:us-east-1:000000000000:x`;
const stream = {
  EventSourceArn: arn('dynamodb'),
  StartingPosition: 'TRIM_HORIZON',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
};
const queue = { ...stream, EventSourceArn: arn('sqs'), StartingPosition: undefined };
const parse = (properties: object) => parseMapping('m', { ...properties }, {} as LocalFunction);

describe('an event source mapping', () => {
  it('has the defaults of AWS', () => {
    expect(parse(stream)).toMatchObject({
      kind: 'dynamodb',
      batchSize: 100,
      bisects: false,
      maximumRetryAttempts: Number.POSITIVE_INFINITY,
      maximumRecordAgeMs: Number.POSITIVE_INFINITY,
      failureBucket: undefined,
      filters: [],
    });
    expect(parse(queue)).toMatchObject({ kind: 'sqs', batchSize: 10, maximumConcurrency: 2 });
  });

  it('has the options of the template', () => {
    const options = {
      BatchSize: 5,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::failures' } },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
      MaximumRecordAgeInSeconds: 60,
      MaximumRetryAttempts: 3,
    };
    expect(parse({ ...stream, ...options })).toMatchObject({
      batchSize: 5,
      bisects: true,
      failureBucket: 'failures',
      filters: [{ eventName: ['INSERT'] }],
      maximumRecordAgeMs: 60_000,
      maximumRetryAttempts: 3,
    });
    expect(parse({ ...queue, ScalingConfig: { MaximumConcurrency: 5 } }).maximumConcurrency).toBe(5);
    expect(parse({ ...stream, MaximumRetryAttempts: -1 }).maximumRetryAttempts).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  const filters = { FilterCriteria: { Filters: [{ Pattern: '{"a":["b"]}' }] } };
  it.each([
    [{ ...stream, EventSourceArn: arn('mq') }, `events of ${arn('mq')} are not supported.`],
    [{ ...stream, FunctionResponseTypes: undefined }, 'only mappings that report batch item failures'],
    [{ ...stream, StartingPosition: 'LATEST' }, 'only the starting position TRIM_HORIZON is supported.'],
    [{ ...queue, BatchSize: 11 }, 'a BatchSize above 10 is not supported for queues.'],
    [{ ...queue, ...filters }, 'FilterCriteria are supported for streams only.'],
    [
      { ...stream, DestinationConfig: { OnFailure: { Destination: arn('sqs') } } },
      `failures can go to buckets only, not to ${arn('sqs')}.`,
    ],
    [
      { ...stream, FilterCriteria: { Filters: [{ Pattern: '{"a":[{"prefix":"b"}]}' }] } },
      'is not supported: operator "prefix"',
    ],
  ])('is refused with a sentence when it is %j', (properties, sentence) => {
    expect(() => parse(properties)).toThrow(sentence);
  });
});

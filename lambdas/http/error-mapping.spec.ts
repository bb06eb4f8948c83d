import { describe, expect, it } from '@jest/globals';
import { EventSourcingError, type EventSourcingErrorCode } from '../kernel/index.ts';
import { problemOf } from './error-mapping.ts';
import { problem, problemAnswer, rejectionProblem } from './problem.ts';

const secret = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Secret';
const named = (name: string, parts: object = {}) => Object.assign(new Error(secret), { name, ...parts });

describe('problemOf', () => {
  it('leaves a problem as it is', () => {
    const thrown = problem('invalid-cursor', 'No.');
    expect(problemOf(thrown, 'c')).toBe(thrown);
  });

  it.each<[EventSourcingErrorCode, number, Record<string, string>]>([
    ['version-mismatch', 412, {}],
    ['idempotency-key-reused', 422, {}],
    ['already-carried-out', 409, {}],
    ['contention', 503, { 'retry-after': '1' }],
    ['unknown-outcome', 503, { 'retry-after': '1' }],
    ['clock-off', 503, { 'retry-after': '1' }],
    ['future-instant', 400, {}],
    ['commit-too-large', 413, {}],
    ['erased', 409, {}],
    ['unreadable-event', 500, {}],
    ['log-changed', 500, {}],
  ])('answers the kernel’s %s with %d', (code, status, headers) => {
    const answered = problemOf(new EventSourcingError(code, 'ledger/1', secret), 'c');
    expect(answered).toMatchObject({ status, headers });
    expect(JSON.stringify(problemAnswer(answered, 'c'))).not.toContain(secret);
  });

  it('says which version the stream is at', () => {
    const error = new EventSourcingError('version-mismatch', 'ledger/1', secret, { actualVersion: 7 });
    expect(problemOf(error, 'c').message).toContain('The stream is at version 7.');
  });

  it.each([
    named('ProvisionedThroughputExceededException'),
    named('ThrottlingException'),
    named('RequestLimitExceeded'),
    named('TimeoutError'),
    named('Error', { code: 'ECONNREFUSED' }),
    named('AggregateError', { code: 'ECONNREFUSED' }),
    named('TransactionCanceledException', {
      CancellationReasons: [{ Code: 'None' }, { Code: 'ThrottlingError' }],
    }),
    new Error('outer', { cause: named('InternalServerError') }),
  ])('answers %s with 503 and Retry-After', (error) => {
    const answered = problemOf(error, 'c');
    expect(answered).toMatchObject({ code: 'unavailable', status: 503, headers: { 'retry-after': '1' } });
    expect(JSON.stringify(problemAnswer(answered, 'c'))).not.toContain(secret);
  });

  it.each([
    named('ValidationException'),
    named('TransactionCanceledException', {
      CancellationReasons: [null, { Code: 'ConditionalCheckFailed' }],
    }),
    new TypeError(secret),
    secret,
    undefined,
    null,
    { toString: null },
  ])('answers %p with a 500 that shows only the correlation id', (thrown) => {
    const answered = problemOf(thrown, 'correlation-7');
    expect(answered).toMatchObject({ code: 'internal-error', status: 500 });
    expect(JSON.stringify(problemAnswer(answered, 'correlation-7'))).not.toContain(secret);
    expect(answered.message).toContain('correlation-7');
  });

  it('stops at an error that is its own cause', () => {
    const ring = new Error('ring');
    ring.cause = ring;
    expect(problemOf(ring, 'c').status).toBe(500);
  });
});

describe('rejectionProblem', () => {
  it.each([
    ['refused', 409],
    ['not-found', 404],
    ['invalid', 400],
  ] as const)('answers a rejection of kind %s with %d', (kind, status) => {
    const rejected = rejectionProblem({ kind, code: 'ledger/insufficient-funds', detail: 'Not enough.' });
    expect(problemAnswer(rejected, 'c')).toEqual({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: 'urn:streamfold:problem:ledger/insufficient-funds',
        title: 'Insufficient funds',
        status,
        detail: 'Not enough.',
        instance: 'urn:streamfold:request:c',
      },
    });
  });
});

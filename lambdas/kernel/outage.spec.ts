import { describe, expect, it } from '@jest/globals';
import { EventSourcingError } from './errors.ts';
import { isBusy, isOutage } from './outage.ts';

const named = (name: string, parts: object = {}) => Object.assign(new Error('x'), { name, ...parts });
const answered = (httpStatusCode: number) => named('Unknown', { $metadata: { httpStatusCode } });

describe('an outage', () => {
  it.each([
    named('ThrottlingException'),
    named('TimeoutError'),
    named('EntryError', { code: 'KmsThrottled' }),
    named('Error', { code: 'ECONNRESET' }),
    ...['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL', 'EAI_FAIL', 'ERR_SOCKET_CONNECTION_TIMEOUT'].map(
      (code) => named('Error', { code }),
    ),
    named('Error', { code: 'HPE_INVALID_CONSTANT' }),
    Object.assign(new SyntaxError('x'), { $metadata: { httpStatusCode: 200 }, $response: {} }),
    answered(408),
    answered(429),
    answered(500),
    answered(503),
    named('TransactionCanceledException', { CancellationReasons: [null, { Code: 'ThrottlingError' }] }),
    new Error('outer', { cause: named('Error', { cause: named('InternalServerError') }) }),
  ])('is a fault that passes: %p', (error) => {
    expect([isBusy(error), isOutage(error)]).toEqual([true, true]);
  });

  it.each([
    named('ResourceNotFoundException'),
    named('AccessDeniedException'),
    named('EntryError', { code: 'KmsDisabled' }),
    named('QueueDeletedRecently'),
    named('CredentialsProviderError'),
    named('AWS.SimpleQueueService.NonExistentQueue'),
    answered(403),
  ])('is a destination that is missing or forbidden: %p', (error) => {
    expect([isBusy(error), isOutage(error)]).toEqual([false, true]);
  });

  it.each([
    named('ValidationException', { $metadata: { httpStatusCode: 400 } }),
    named('TransactionCanceledException', { CancellationReasons: [{ Code: 'ConditionalCheckFailed' }] }),
    new TypeError('ThrottlingException'),
    new SyntaxError('x'),
    named('ValidationException', { $response: {}, $fault: 'client' }),
    named('Error', { code: 'ERR_INVALID_ARG_TYPE' }),
    new EventSourcingError('unreadable-event', 'a/b', 'x'),
    'ThrottlingException',
    undefined,
    null,
  ])('is nothing else: %p', (error) => {
    expect(isOutage(error)).toBe(false);
  });

  it('is searched in an error that is its own cause, and the search ends', () => {
    const ring = new Error('ring');
    ring.cause = ring;
    expect(isOutage(ring)).toBe(false);
  });
});

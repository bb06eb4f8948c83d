import { describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { invocationOf } from './invocation-span.ts';

const context = { awsRequestId: 'invocation' } as Context;
const spanOf = (event: unknown) => invocationOf(event, context);

describe('the span of a batch', () => {
  it.each([
    ['aws:sqs', 'arn:aws:sqs:eu-west-1:123456789012:todo.fifo', 'todo.fifo', 'aws.sqs', 'pubsub'],
    ['aws:kinesis', 'arn:aws:kinesis:eu-west-1:1:stream/events', 'events', 'aws.kinesis', 'pubsub'],
    [
      'aws:dynamodb',
      'arn:aws-cn:dynamodb:cn-north-1:1:table/event-log/stream/2026-01-02T03:04:05.678',
      'event-log',
      'aws.dynamodb',
      'datasource',
    ],
  ])('of %s names where it comes from', (eventSource, eventSourceARN, destination, system, trigger) => {
    const Records = [
      { eventSource, eventSourceARN },
      { eventSource, eventSourceARN },
    ];
    expect(spanOf({ Records })).toEqual({
      name: `process ${destination}`,
      kind: 'consumer',
      attributes: {
        'faas.invocation.id': 'invocation',
        'faas.trigger': trigger,
        'messaging.system.name': system,
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': destination,
        'messaging.batch.message_count': 2,
      },
    });
  });

  it('has the id of its message if it has only one', () => {
    const record = { eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:eu-west-1:1:todo' };
    const idIn = (...messageIds: readonly unknown[]) =>
      spanOf({ Records: messageIds.map((messageId) => ({ ...record, messageId })) }).attributes[
        'messaging.message.id'
      ];
    expect(idIn('5ef7a0a2-0c5e-4b6c-9d59-2c1b5b0f8d11')).toBe('5ef7a0a2-0c5e-4b6c-9d59-2c1b5b0f8d11');
    expect(idIn('5ef7a0a2', '5ef7a0a3')).toBeUndefined();
    for (const wrong of [undefined, null, 7, 'Jane Doe', 'a'.repeat(101)])
      expect(idIn(wrong)).toBeUndefined();
  });

  it.each([undefined, null, 7, 'todo', 'arn:aws:sqs:x:1:Jane Doe', `arn:aws:sqs:x:1:${'a'.repeat(256)}`])(
    'does not show the ARN %j',
    (eventSourceARN) => {
      const span = spanOf({ Records: [{ eventSource: 'aws:sqs', eventSourceARN }] });
      expect(span).toMatchObject({ name: 'process', kind: 'consumer' });
      expect(span.attributes['messaging.destination.name']).toBeUndefined();
    },
  );
});

describe('the span of a request', () => {
  it.each([
    ['a schedule', { source: 'aws.events', 'detail-type': 'Scheduled Event' }, 'schedule', 'timer'],
    ['the schedule of the retention', { retention: true }, 'schedule', 'timer'],
    ['a redrive', { redrive: true, after: 'ledger/a' }, 'redrive', 'other'],
    ['a drain', { drain: true }, 'drain', 'other'],
    ['an action of a rebuild', { action: 'fold', readModel: 'ledger', generation: 'g2' }, 'fold', 'other'],
    ['a stream to seal', { stream: 'ledger/a' }, 'invoke', 'other'],
    ['a person who repairs', { action: 'repair', stream: 'ledger/a' }, 'repair', 'other'],
  ])('of %s', (_, event, name, trigger) => {
    expect(spanOf(event)).toEqual({
      name,
      kind: 'internal',
      attributes: { 'faas.invocation.id': 'invocation', 'faas.trigger': trigger },
    });
  });
});

it.each([
  ...[undefined, null, '', 'Jane Doe', 7, true, [], {}, [{ eventSource: 'aws:sqs' }]],
  ...[{ Records: null }, { Records: 'Jane Doe' }, { Records: {} }, { Records: [] }, { Records: [null] }],
  ...[
    { Records: ['Jane Doe'] },
    { Records: [{ eventSource: 'Jane Doe' }] },
    { Records: [{ eventSource: 1 }] },
  ],
  ...[{ Records: [{ eventSource: '__proto__' }] }, { Records: [{ eventSource: 'toString' }] }],
  ...[{ source: 'Jane Doe' }, { action: 'Jane Doe' }, { action: {} }, { redrive: 'Jane Doe' }],
  ...[{ requestContext: { http: { method: 'GET' } }, headers: { traceparent: 'x' } }],
])('the event %j, which nobody chose, is an invocation and no more', (event) => {
  expect(spanOf(event)).toEqual({
    name: 'invoke',
    kind: 'internal',
    attributes: { 'faas.invocation.id': 'invocation', 'faas.trigger': 'other' },
  });
});

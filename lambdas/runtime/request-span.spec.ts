import { describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { requestDescription, requestInvocation } from './request-span.ts';

const context = { awsRequestId: 'invocation' } as Context;
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const eventOf = (method: unknown, headers?: unknown) => ({ requestContext: { http: { method } }, headers });

describe('the span of a request', () => {
  it('is named by its method before its route is known, and has the context of its caller', () => {
    expect(requestInvocation(eventOf('post', { Traceparent: ` ${traceparent}` }), context)).toEqual({
      name: 'POST',
      kind: 'server',
      traceparent,
      attributes: {
        'faas.trigger': 'http',
        'faas.invocation.id': 'invocation',
        'http.request.method': 'POST',
      },
    });
  });

  it('has both contexts of a repeated header, which together are malformed', () => {
    const { traceparent: sent } = requestInvocation(
      eventOf('GET', { traceparent, TRACEPARENT: traceparent }),
      context,
    );
    expect(sent).toBe(`${traceparent},${traceparent}`);
  });

  it.each([
    ...[undefined, null, '', 'Jane Doe', 7, [], {}, { requestContext: 'Jane Doe' }],
    ...[
      { requestContext: { http: null } },
      eventOf({}),
      eventOf('JANE-DOE'),
      eventOf({ toString: 1, valueOf: 1 }),
    ],
    ...[
      { headers: ['Jane Doe'] },
      { headers: { traceparent: 7 } },
      { Records: [{ eventSource: 'aws:sqs' }] },
    ],
  ])('does not show an event like %j', (event) => {
    expect(requestInvocation(event, context)).toEqual({
      name: 'HTTP',
      kind: 'server',
      traceparent: undefined,
      attributes: {
        'faas.trigger': 'http',
        'faas.invocation.id': 'invocation',
        'http.request.method': '_OTHER',
      },
    });
  });
});

describe('the span of an answered request', () => {
  const answered = {
    method: 'POST',
    template: '/ledger/{id}/credits',
    status: 409,
    durationMs: 1,
    problemCode: 'ledger/insufficient-funds',
    correlationId: 'c',
  };

  it('has its route, and what it was answered', () => {
    expect(requestDescription(answered)).toEqual({
      name: 'POST /ledger/{id}/credits',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/ledger/{id}/credits',
        'http.response.status_code': 409,
        'streamfold.correlation_id': 'c',
        'streamfold.problem': 'ledger/insufficient-funds',
      },
    });
  });

  it('failed if the answer is a fault of the server', () => {
    expect(requestDescription({ ...answered, status: 499 })).not.toHaveProperty('error');
    expect(requestDescription({ ...answered, status: 503 })).toMatchObject({ error: '503' });
  });

  it('has no route and a method of the standard if neither is known', () => {
    const description = requestDescription({ ...answered, method: 'OTHER', template: undefined });
    expect(description.name).toBe('HTTP');
    expect(description.attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.route': undefined,
    });
  });
});

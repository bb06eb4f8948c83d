import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { silentObserver } from '../kernel/index.ts';
import { simulatedEffects, traceparentIn } from '../kernel/testing/index.ts';
import { SqsSealRequests } from './sqs-seal-requests.ts';

function requestsTo(send: () => Promise<unknown> = async () => ({}), traceparent?: string) {
  const bodies: string[] = [];
  const attributes: unknown[] = [];
  const warnings: string[] = [];
  const client = {
    send: ({ input }: { input: { MessageBody: string; MessageAttributes?: unknown } }) => {
      bodies.push(input.MessageBody);
      attributes.push(input.MessageAttributes);
      return send();
    },
  } as unknown as SQSClient;
  const effects = simulatedEffects({ now: '2026-01-02T03:00:00.000Z' });
  const warn = (message: string) => void warnings.push(message);
  const observer = { ...silentObserver, warn, traceparent: () => traceparent };
  const requests = new SqsSealRequests(client, 'https://queue', { observer, effects });
  return { requests, bodies, attributes, warnings, clock: effects.clock };
}

describe('asking for sealing', () => {
  it('sends the same request once in ten minutes', async () => {
    const { requests, bodies, clock } = requestsTo();
    await requests.ask({ stream: 'ledger/a' });
    await requests.ask({ stream: 'ledger/a' });
    await requests.ask({ stream: 'ledger/a', check: true });
    await requests.ask({ stream: 'ledger/b' });
    clock.now = '2026-01-02T03:09:59.999Z';
    await requests.ask({ stream: 'ledger/a' });
    expect(bodies).toEqual([
      '{"stream":"ledger/a"}',
      '{"stream":"ledger/a","check":true}',
      '{"stream":"ledger/b"}',
    ]);
    clock.now = '2026-01-02T03:10:00.000Z';
    await requests.ask({ stream: 'ledger/a' });
    expect(bodies).toHaveLength(4);
  });

  it('is in the trace of the reader, if that is traced', async () => {
    const traceparent = traceparentIn('a');
    const { requests, attributes } = requestsTo(undefined, traceparent);
    await requests.ask({ stream: 'ledger/a' });
    await requests.ask({ stream: 'ledger/b' });
    const attribute = { traceparent: { DataType: 'String', StringValue: traceparent } };
    expect(attributes).toEqual([attribute, attribute]);
    const untraced = requestsTo();
    await untraced.requests.ask({ stream: 'ledger/a' });
    expect(untraced.attributes).toEqual([undefined]);
  });

  it('does not fail the reader if the queue does not answer', async () => {
    const { requests, warnings } = requestsTo(() => Promise.reject(new Error('no queue')));
    await requests.ask({ stream: 'ledger/a' });
    expect(warnings).toHaveLength(1);
  });
});

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts';
import { until } from './until.ts';

const span = { traceId: 'aa', spanId: '01', name: 'POST', kind: 2, startTimeUnixNano: '1' };
const payload = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

describe('a receiver of the tests', () => {
  let receiver: OtlpReceiver;
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
  });
  afterAll(() => receiver.stop());

  const send = (signal?: AbortSignal) =>
    fetch(`${receiver.url}/v1/traces`, { method: 'POST', body: payload, ...(signal && { signal }) });

  it('keeps the spans that it accepts', async () => {
    expect((await send()).status).toBe(200);
    expect(receiver.spans.map(({ name }) => name)).toEqual(['POST']);
    expect(receiver.requests).toEqual(['/v1/traces']);
    expect(receiver.bodies).toEqual([payload]);
  });

  it('can fail in each way, and work again at the same address', async () => {
    await receiver.become('error');
    expect((await send()).status).toBe(500);
    await receiver.become('garbage');
    await expect((await send()).json()).rejects.toThrow();
    await receiver.become('closes');
    await expect(send()).rejects.toThrow();
    await receiver.become('down');
    await expect(send()).rejects.toThrow();
    await receiver.become('huge');
    const [response] = (await once(get(receiver.url), 'response')) as [IncomingMessage];
    let bytes = 0;
    for await (const chunk of response) {
      bytes += chunk.length;
      if (bytes > 10_000_000) break;
    }
    await receiver.become('slow');
    const before = receiver.requests.length;
    const givenUp = new AbortController();
    const answer = send(givenUp.signal);
    await until(
      () => receiver.requests.length,
      (length) => length > before,
    );
    givenUp.abort();
    await expect(answer).rejects.toThrow();
    await receiver.become('works');
    expect((await send()).status).toBe(200);
    expect(receiver.spans).toHaveLength(2);
  });
});

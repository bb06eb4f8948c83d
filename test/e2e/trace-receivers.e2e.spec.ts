import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newTrace } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { type OtlpReceiver, type ReceiverState, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const api = 'streamfold-local-api';

describe('when the receiver of spans does not work', () => {
  let receiver: OtlpReceiver;
  let host: TestHost;
  const lines: Record<string, unknown>[] = [];
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    host = await startTestHost({
      otlpUrl: receiver.url,
      onFunctionLog: (functionName, line) => {
        if (functionName === api && line.startsWith('{')) lines.push(JSON.parse(line));
      },
    });
  }, 60_000);
  afterAll(async () => {
    await host?.stop();
    await receiver?.stop();
  });

  const call = httpClient(() => host.httpUrl);
  const credit = (headers = {}) => call('POST', `/ledger/${randomUUID()}/credits`, { amount: 1 }, headers);
  /** Ends the instances of the API that run: a new one knows nothing of an outage. */
  const endInstances = () =>
    until(
      async () => {
        const running = Array.from({ length: 5 }, () => call('GET', '/health').catch(() => undefined));
        const ended = await host.killRunning(api);
        await Promise.all(running);
        return ended;
      },
      (ended) => ended > 0,
    );

  it.each<ReceiverState>(['down', 'slow', 'error', 'garbage', 'huge', 'closes'])(
    '%s',
    async (state) => {
      await receiver.become('works');
      await endInstances();
      await receiver.become(state);
      lines.length = 0;
      for (let count = 0; count < 20; count += 1) expect((await credit()).status).toBe(201);
      await Promise.all(Array.from({ length: 30 }, async () => expect((await credit()).status).toBe(201)));
      console.log(
        state,
        lines.filter(({ level }) => level === 'WARN'),
        lines.filter((l) => 'SpansDropped' in l),
      );
      await receiver.become('works');
      await until(
        async () => {
          const { traceId, traceparent } = newTrace();
          await endInstances();
          await credit({ traceparent });
          return receiver.spans.filter((span) => span.traceId === traceId && span.service === 'api');
        },
        ({ length }) => length > 3,
      );
    },
    60_000,
  );
});

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newTrace } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { type KillingGate, killingGate } from '../support/killing-gate.ts';
import { type OtlpReceiver, type ReceiverState, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const api = 'streamfold-local-api';
const failing: readonly ReceiverState[] = ['down', 'slow', 'error', 'garbage', 'huge', 'closes'];
const notSent = /^Traces are not sent: their spans are dropped, and counted as SpansDropped\. /;
const commandsInARow = 20;
const commandsAtOnce = 10;

describe('a receiver of spans, logs and metrics', () => {
  let receiver: OtlpReceiver;
  let gate: KillingGate;
  let host: TestHost;
  const lines: Record<string, unknown>[] = [];
  const hostWarnings: string[] = [];
  // A host for each: its functions know nothing of the outage before.
  beforeEach(async () => {
    lines.length = 0;
    hostWarnings.length = 0;
    receiver = await startOtlpReceiver();
    gate = killingGate(api, () => host.killRunning(api));
    host = await startTestHost({
      otlpUrl: receiver.url,
      interceptCalls: gate.interceptCalls,
      onWarning: (line) => hostWarnings.push(line),
      onFunctionLog: (functionName, line) => {
        if (functionName === api && line.startsWith('{')) lines.push(JSON.parse(line));
      },
    });
  }, 60_000);
  afterEach(async () => {
    await host?.stop();
    await receiver?.stop();
  });

  const call = httpClient(() => host.httpUrl);
  const credit = (headers: Readonly<Record<string, string>> = {}) =>
    call('POST', `/ledger/${randomUUID()}/credits`, { amount: 1 }, headers);
  /** Ends the instance that the next request would reach, until one sends spans: a new one knows nothing of an outage. The receiver must work. */
  const untilSpansAreSent = () =>
    until(
      async () => {
        gate.killAfter(1);
        await until(credit, () => gate.hasKilled());
        const { traceId, traceparent } = newTrace();
        const { status } = await credit({ traceparent });
        // They are sent before the answer.
        const names = receiver.spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
        return { status, names };
      },
      ({ status, names }) => status === 201 && names.includes('append'),
    );
  const warnings = () => lines.filter(({ level }) => level === 'WARN');
  const dropped = () => lines.reduce((sum, line) => sum + Number(line['SpansDropped'] ?? 0), 0);
  const tracesRequests = () => receiver.requests.filter((path) => path === '/v1/traces').length;

  it.each(failing)(
    'that is "%s" costs no command, one warning and its spans, and gets spans again when it works',
    async (state) => {
      await receiver.become(state);
      const requestsBefore = tracesRequests();
      for (let count = 0; count < commandsInARow; count += 1) expect((await credit()).status).toBe(201);
      // A command has seven spans at least. Its log lines can come after its answer.
      await until(
        async () => dropped(),
        (spans) => spans >= 7 * commandsInARow,
      );
      const first = warnings();
      for (const { message } of first) expect(message).toMatch(notSent);
      // An instance warns once. The host may use more than one, but no new one for each command.
      expect(first.length).toBeGreaterThan(0);
      expect(first.length).toBeLessThan(commandsInARow / 4);
      // Each function has sent something once or twice, and not for each command.
      expect(tracesRequests() - requestsBefore).toBeLessThan(3 * commandsInARow);
      const answers = await Promise.all(Array.from({ length: commandsAtOnce }, () => credit()));
      expect(answers.map(({ status }) => status)).toEqual(Array(commandsAtOnce).fill(201));
      expect(warnings().length).toBeLessThanOrEqual(first.length + commandsAtOnce);

      await receiver.become('works');
      await untilSpansAreSent();
      // The host says it once for logs and once for metrics.
      expect(hostWarnings.length).toBeLessThanOrEqual(2);
      for (const warning of hostWarnings)
        expect(warning).toMatch(/^The receiver at .* does not take (logs|metrics)/);
    },
    120_000,
  );
});

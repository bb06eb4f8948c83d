import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newTrace } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { type KillingGate, killingGate } from '../support/killing-gate.ts';
import { type OtlpReceiver, type ReceiverState, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const api = 'streamfold-local-api';
const commandsInARow = 20;
const commandsAtOnce = 10;

describe('a receiver of spans, logs and metrics', () => {
  let receiver: OtlpReceiver;
  let gate: KillingGate;
  let host: TestHost;
  const lines: Record<string, unknown>[] = [];
  const hostWarnings: string[] = [];
  beforeAll(async () => {
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
  afterAll(async () => {
    await host?.stop();
    await receiver?.stop();
  });

  const call = httpClient(() => host.httpUrl);
  const credit = (headers: Readonly<Record<string, string>> = {}) =>
    call('POST', `/ledger/${randomUUID()}/credits`, { amount: 1 }, headers);
  /** The next requests reach an instance that knows nothing of an outage. It has answered one. */
  const startInstance = () =>
    until(
      async () => {
        gate.killAfter(1);
        await until(credit, () => gate.hasKilled());
        const correlationId = randomUUID();
        await credit({ 'x-correlation-id': correlationId });
        return lines.find((line) => line['correlation_id'] === correlationId)?.['cold_start'];
      },
      (isCold) => isCold === true,
    );
  const warnings = () => lines.filter(({ level }) => level === 'WARN');
  const dropped = () => lines.reduce((sum, line) => sum + Number(line['SpansDropped'] ?? 0), 0);
  const tracesRequests = () => receiver.requests.filter((path) => path === '/v1/traces').length;

  it.each<ReceiverState>(['down', 'slow', 'error', 'garbage', 'huge', 'closes'])(
    'that is "%s" costs no command, one warning and its spans, and gets spans again when it works',
    async (state) => {
      await receiver.become('works');
      await startInstance();
      await receiver.become(state);
      lines.length = 0;
      const requestsBefore = tracesRequests();
      for (let count = 0; count < commandsInARow; count += 1) expect((await credit()).status).toBe(201);
      expect(warnings().map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^Traces are not sent: their spans are dropped, and counted as SpansDropped\. /,
        ),
      ]);
      // A command has seven spans at least.
      expect(dropped()).toBeGreaterThanOrEqual(7 * commandsInARow);
      // Each function has sent something once or twice, and not for each command.
      expect(tracesRequests() - requestsBefore).toBeLessThan(3 * commandsInARow);
      const answers = await Promise.all(Array.from({ length: commandsAtOnce }, () => credit()));
      expect(answers.map(({ status }) => status)).toEqual(Array(commandsAtOnce).fill(201));
      expect(warnings().length).toBeLessThanOrEqual(commandsAtOnce);

      await receiver.become('works');
      await startInstance();
      const { traceId, traceparent } = newTrace();
      expect((await credit({ traceparent })).status).toBe(201);
      const names = () => receiver.spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
      await until(names, (found) => found.includes('append'));
    },
    120_000,
  );

  it('has been missed by the host too, which says so once for each outage', () => {
    console.log(hostWarnings);
  });
});

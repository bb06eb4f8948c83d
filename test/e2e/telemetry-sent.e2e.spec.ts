import { randomUUID } from 'node:crypto';
import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Host } from '../../tools/host/host.ts';
import { streamProjectors } from '../support/deployed.ts';
import { httpClient } from '../support/http-client.ts';
import { sdkOptions, startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';
import { uploadPrescription } from '../support/upload-prescription.ts';

type Sent = Readonly<Record<string, unknown>> & { readonly service: string };

describe('the telemetry that functions send', () => {
  let host: Host;
  let lambda: LambdaClient;
  let kinesis: KinesisClient;
  const sent: Sent[] = [];
  beforeAll(async () => {
    host = await startTestHost({
      onFunctionLog: (_functionName, line) => {
        if (line.includes('"_aws"')) sent.push(JSON.parse(line));
      },
    });
    lambda = new LambdaClient(sdkOptions(host));
    kinesis = new KinesisClient({ ...sdkOptions(host), requestHandler: new NodeHttpHandler() });
  }, 60_000);
  afterAll(async () => {
    lambda?.destroy();
    kinesis?.destroy();
    await host?.stop();
  });

  const call = httpClient(() => host.httpUrl);
  const sumOf = (service: string, name: string) =>
    sent.filter((line) => line.service === service).reduce((sum, line) => sum + Number(line[name] ?? 0), 0);
  const untilSumIs = (service: string, name: string, expected: number) =>
    until(
      async () => sumOf(service, name),
      (sum) => sum === expected,
    );
  const untilSends = (service: string, name: string) =>
    until(
      async () => sent.filter((line) => line.service === service && name in line),
      ({ length }) => length > 0,
    );

  it('is one line per request that counts something, with the values, the stage and the function', async () => {
    const credits = `/ledger/${randomUUID()}/credits`;
    const key = { 'idempotency-key': 'once' };
    await call('POST', credits, { amount: 34 }, key);
    await untilSumIs('api', 'Commands', 1);
    const [first] = sent.filter(({ service }) => service === 'api');
    expect(first).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'Streamfold',
            Dimensions: [['service', 'stage']],
            Metrics: [{ Name: 'Commands', Unit: 'Count' }],
          },
        ],
      },
      stage: 'local',
      service: 'api',
      Commands: 1,
    });

    await call('POST', credits, { amount: 34 }, key);
    await untilSumIs('api', 'RepeatedCommands', 1);
    const debits = credits.replace('credits', 'debits');
    expect(await call('POST', debits, { amount: 35 })).toMatchObject({ status: 409 });
    await untilSumIs('api', 'Refusals', 1);
    const account = credits.replace('/credits', '');
    const fresh = { 'cache-control': 'no-cache' };
    expect(await call('GET', account, undefined, fresh)).toMatchObject({ status: 200 });
    expect(await call('POST', debits, { amount: 1 })).toMatchObject({ status: 200 });
    await untilSumIs('api', 'Commands', 2);
    // The query between them sent none.
    expect(sent.filter(({ service }) => service === 'api')).toHaveLength(4);
  });

  it('has the lag of publishing and of each projection', async () => {
    await call('POST', '/metrics', { name: 'Sign-ups' });
    await call('POST', '/dispenses', {});
    await untilSends('publisher', 'PublishLag');
    for (const context of ['ledger', 'metrics', 'dispense', 'todo']) {
      const [line] = await untilSends(`${context}-projector`, 'ProjectionLag');
      expect(line?.['ProjectionLag']).toBeGreaterThanOrEqual(0);
      expect(line?.['ProjectionLag']).toBeLessThan(60_000);
    }
  });

  it('counts the commands of automations too', async () => {
    const dispense = (await call('POST', '/dispenses', {})).body['id'];
    await uploadPrescription(host, dispense);
    await untilSumIs('prescription-recorder', 'Commands', 1);

    const metric = (await call('POST', '/metrics', { name: 'Orders' })).body['id'];
    const deadline = new Date(Date.now() + 300).toISOString();
    await call('POST', `/metrics/${metric}/targets`, { value: 5, deadline });
    await until(
      async () => {
        const FunctionName = 'streamfold-local-metrics-sweeper';
        await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
        return sumOf('metrics-sweeper', 'Commands');
      },
      (sum) => sum === 1,
    );
  });

  it('counts what was parked', async () => {
    const { StreamNames: [StreamName] = [] } = await kinesis.send(new ListStreamsCommand({}));
    await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'p', Data: Buffer.from('{') }));
    for (const projector of streamProjectors) await untilSumIs(projector, 'Parked', 1);
  });
});

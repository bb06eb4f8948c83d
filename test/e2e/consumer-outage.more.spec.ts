import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { awsClient, unverifiedSignature } from '../../tools/host/aws-json.ts';
import { httpClient } from '../support/http-client.ts';
import { appWithOneRetry } from '../support/impatient-app.ts';
import { InsideHost } from '../support/inside-host.ts';
import { startTestHost, type TestHost, type TestHostOptions } from '../support/test-host.ts';
import { until } from '../support/until.ts';

interface Health {
  readonly status: string;
  readonly projectors: readonly {
    readonly name: string;
    readonly behindMs: number;
    readonly parked: number;
  }[];
  readonly queues: readonly { readonly name: string; readonly waiting: number; readonly givenUp: number }[];
  readonly givenUpBatches: number;
}

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: TestHostOptions = {}) {
  const host: TestHost = await startTestHost(options);
  cleanups.push(() => host.stop());
  const call = httpClient(() => host.httpUrl);
  const health = async () => (await call('GET', '/health')).body as unknown as Health;
  const ledger = async () => (await health()).projectors.find(({ name }) => name === 'ledger');
  const credit = async (id: string, amount: number) =>
    expect(await call('POST', `/ledger/${id}/credits`, { amount })).toMatchObject({ status: 201 });
  /** Waits for the row of an account, and not for the log. The publisher sends what waits every minute. */
  const untilBalanceIs = (id: string, balance: number) =>
    until(
      () => call('GET', `/ledger/${id}`),
      ({ body }) => Number(body['balance']) === balance,
      90_000,
    );
  return { host, inside: new InsideHost(host), call, health, ledger, credit, untilBalanceIs };
}

describe('an outage of a read model', () => {
  it('that is longer than ten tries ends with every row right, and nothing parked or given up', async () => {
    let tries = 0;
    const { inside, call, health, ledger, credit, untilBalanceIs } = await start({
      onFunctionLog: (functionName, line) => {
        if (functionName.endsWith('ledger-projector') && line.includes('An outage stops')) tries += 1;
      },
    });
    const restore = await inside.deleteTable('LedgerReadModel');
    const accounts = Array.from({ length: 5 }, () => randomUUID());
    for (const [index, id] of accounts.entries()) await credit(id, index + 1);
    // Both shards of the stream are tried, in turn.
    await until(
      () => tries,
      (count) => count >= 24,
      60_000,
    );
    expect((await ledger())?.behindMs).toBeGreaterThan(0);
    // The others go on.
    const metric = String((await call('POST', '/metrics', { name: 'Sign-ups' })).body['id']);
    await until(
      () => call('GET', `/metrics/${metric}`),
      ({ status }) => status === 200,
    );

    await restore();
    for (const [index, id] of accounts.entries()) await untilBalanceIs(id, index + 1);
    const ended = await until(health, ({ projectors }) => projectors.every(({ behindMs }) => behindMs === 0));
    expect(ended).toMatchObject({ status: 'ok', givenUpBatches: 0 });
    expect(ended.projectors.filter(({ parked }) => parked > 0)).toEqual([]);
  }, 150_000);
});

describe('an event stream that is gone for a while', () => {
  it('is read again when it is back: every commit arrives, and health shows the gap meanwhile', async () => {
    let failures = 0;
    const { host, health, ledger, credit, untilBalanceIs } = await start({
      onFunctionLog: (functionName, line) => {
        if (functionName.endsWith('publisher') && line.includes('"level":"WARN"')) failures += 1;
      },
    });
    const before = randomUUID();
    await credit(before, 9);
    await untilBalanceIs(before, 9);
    const kinesis = awsClient(host.awsUrl, 'kinesis');
    const { StreamNames } = await kinesis.call<{ StreamNames: string[] }>('ListStreams', {});
    const StreamName = StreamNames[0] ?? '';
    await kinesis.call('DeleteStream', { StreamName });
    const accounts = Array.from({ length: 5 }, () => randomUUID());
    for (const [index, id] of accounts.entries()) await credit(id, index + 1);
    await until(
      () => failures,
      (count) => count >= 2,
      60_000,
    );
    expect((await ledger())?.behindMs).toBeGreaterThan(0);

    await kinesis.call('CreateStream', { StreamName, ShardCount: 2 });
    for (const [index, id] of accounts.entries()) await untilBalanceIs(id, index + 1);
    const ended = await until(health, ({ projectors }) => projectors.every(({ behindMs }) => behindMs === 0));
    expect(ended).toMatchObject({ status: 'ok', givenUpBatches: 0 });
  }, 150_000);
});

describe('a batch that a projector gave up', () => {
  it('stays visible in health until a person replays it, although later commits are projected', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'streamfold-impatient-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    await appWithOneRetry(folder);
    const { host, inside, health, ledger, credit, untilBalanceIs } = await start({ assemblyFolder: folder });
    const sqs = awsClient(host.awsUrl, 'sqs');
    const { QueueUrls } = await sqs.call<{ QueueUrls: string[] }>('ListQueues', {});
    const QueueUrl = QueueUrls.find((url) => /FailuresNotices[^/]*$/.test(url)) ?? '';

    const restore = await inside.deleteTable('LedgerReadModel');
    const id = randomUUID();
    await credit(id, 5);
    await until(health, ({ givenUpBatches }) => givenUpBatches === 1, 60_000);
    await restore();
    const other = randomUUID();
    for (let count = 0; count < 8; count += 1) await credit(`${other}-${count}`, 7);
    for (let count = 0; count < 8; count += 1) await untilBalanceIs(`${other}-${count}`, 7);
    expect((await health()).givenUpBatches).toBe(1);
    await until(ledger, (shown) => shown !== undefined && shown.behindMs > 0);

    const { Messages: [notice] = [] } = await sqs.call<{ Messages?: { Body: string }[] }>('ReceiveMessage', {
      QueueUrl,
      VisibilityTimeout: 0,
    });
    const { detail } = JSON.parse(notice?.Body ?? '');
    const object = await fetch(`${host.awsUrl}/${detail.bucket.name}/${detail.object.key}`, {
      headers: unverifiedSignature('s3'),
    });
    const { payload } = (await object.json()) as { payload: string };
    expect(await inside.invoke('ledger-projector', JSON.parse(payload))).toEqual({ batchItemFailures: [] });
    await untilBalanceIs(id, 5);
    await until(ledger, (shown) => shown?.behindMs === 0);
    await sqs.call('PurgeQueue', { QueueUrl });
    await until(health, ({ givenUpBatches }) => givenUpBatches === 0);
  }, 150_000);
});

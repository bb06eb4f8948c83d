import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Host } from '../../tools/host/host.ts';
import { httpClient } from '../support/http-client.ts';
import { sdkOptions, startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const fresh = { 'cache-control': 'no-cache' };

describe('metrics on the local host', () => {
  let host: Host;
  let lambda: LambdaClient;
  beforeAll(async () => {
    host = await startTestHost();
    lambda = new LambdaClient(sdkOptions(host));
  }, 60_000);
  afterAll(async () => {
    lambda?.destroy();
    await host?.stop();
  });

  const call = httpClient(() => host.httpUrl);
  const create = async (name: string) => (await call('POST', '/metrics', { name })).body['id'] as string;
  const inFuture = (ms: number) => new Date(Date.now() + ms).toISOString();
  /** What the schedule does once a minute. */
  const sweep = () =>
    lambda.send(new InvokeCommand({ FunctionName: 'streamfold-local-metrics-sweeper', Payload: '{}' }));
  const typesOf = async (id: string) =>
    ((await call('GET', `/streams/metrics/${id}?limit=100`)).body['items'] as { type: string }[]).map(
      ({ type }) => type,
    );

  it('records that a target is reached', async () => {
    const id = await create('Newsletter sign-ups');
    const deadline = inFuture(3_600_000);
    expect(await call('POST', `/metrics/${id}/targets`, { value: 100, deadline })).toMatchObject({
      status: 200,
      body: { version: 2, status: 'active' },
    });
    await call('POST', `/metrics/${id}/values`, { value: 60 });
    expect((await call('GET', `/metrics/${id}`, undefined, fresh)).body).toMatchObject({
      status: 'active',
      progress: 0.6,
    });
    expect((await call('POST', `/metrics/${id}/values`, { value: 100 })).body).toMatchObject({
      status: 'successful',
      version: 5,
    });
    const { body } = await until(
      () => call('GET', `/metrics/${id}`),
      (reply) => reply.body['version'] === 5,
    );
    expect(body).toMatchObject({
      status: 'successful',
      current: { value: 100 },
      target: { value: 100, deadline },
    });
  });

  it('expires a target by itself, once, though the sweep runs many times', async () => {
    const id = await create('Orders');
    await call('POST', `/metrics/${id}/targets`, { value: 5, deadline: inFuture(300) });
    // It is expired in every answer as soon as the time has passed ...
    await until(
      () => call('GET', `/metrics/${id}`, undefined, fresh),
      ({ body }) => body['status'] === 'expired',
    );
    // ... and a sweep records it, as soon as the read model's list has the target.
    await until(
      async () => {
        await Promise.all([sweep(), sweep()]);
        return typesOf(id);
      },
      (types) => types.includes('Metric:Expired'),
    );
    await Promise.all([sweep(), sweep(), sweep()]);
    expect((await typesOf(id)).filter((type) => type === 'Metric:Expired')).toHaveLength(1);
  });

  it('keeps long histories in order, pages through them and reduces them to points', async () => {
    const id = await create('Temperature');
    const createdAt = Date.parse(
      (await call('GET', `/metrics/${id}`, undefined, fresh)).body['createdAt'] as string,
    );
    await until(
      async () => Date.now(),
      (now) => now > createdAt + 40,
    );
    const values = Array.from({ length: 2_500 }, (_, index) => ({
      value: index,
      at: new Date(createdAt + (index % 25)).toISOString(),
    }));
    for (let start = 0; start < values.length; start += 1_000) {
      expect(await call('POST', `/metrics/${id}/values`, values.slice(start, start + 1_000))).toMatchObject({
        status: 200,
      });
    }
    await until(
      () => call('GET', `/metrics/${id}`),
      ({ body }) => body['version'] === 2_501,
    );
    const seen: { value: number; at: string }[] = [];
    let query = '?limit=900';
    for (;;) {
      const { body } = await call('GET', `/metrics/${id}/history${query}`);
      seen.push(...(body['items'] as typeof seen));
      if (body['next'] === undefined) break;
      query = `?limit=900&cursor=${body['next']}`;
    }
    expect(seen).toHaveLength(2_500);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).sort());
    expect(new Set(seen.map(({ value }) => value)).size).toBe(2_500);
    const plot = (await call('GET', `/metrics/${id}/history?points=200`)).body['items'] as typeof seen;
    expect(plot).toHaveLength(200);
    expect([plot.at(0), plot.at(-1)]).toEqual([seen.at(0), seen.at(-1)]);
  });

  it('lists each metric once while others are being created', async () => {
    const prefix = `page ${randomUUID()}`;
    const ids = await Promise.all(Array.from({ length: 12 }, (_, index) => create(`${prefix} ${index}`)));
    await until(
      () => call('GET', `/metrics?name=${encodeURIComponent(prefix)}&limit=50`),
      ({ body }) => (body['items'] as unknown[]).length === ids.length,
    );
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 50; page += 1) {
      const { body } = await call('GET', `/metrics?name=${encodeURIComponent(prefix)}&limit=3${cursor}`);
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      if (body['next'] === undefined) break;
      cursor = `&cursor=${body['next']}`;
      await create(`other ${prefix} ${page}`);
    }
    expect(seen.sort()).toEqual(ids.sort());
  });
});

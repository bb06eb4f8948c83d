import { randomUUID } from 'node:crypto';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { contextNames } from '../../schema/contexts.ts';
import type { Host } from '../../tools/host/host.ts';
import { httpClient } from '../support/http-client.ts';
import { sdkOptions, startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

interface Health {
  readonly projectors: readonly { readonly behindMs: number; readonly parked: number }[];
}

describe('the ledger on the local host, from command to read model', () => {
  let host: Host;
  let lambda: LambdaClient;
  let kinesis: KinesisClient;
  const logs: { functionName: string; line: string }[] = [];
  beforeAll(async () => {
    const onFunctionLog = (functionName: string, line: string) => logs.push({ functionName, line });
    host = await startTestHost({ onFunctionLog });
    lambda = new LambdaClient(sdkOptions(host));
    kinesis = new KinesisClient({ ...sdkOptions(host), requestHandler: new NodeHttpHandler() });
  }, 60_000);
  afterAll(async () => {
    lambda?.destroy();
    kinesis?.destroy();
    await host?.stop();
  });

  const call = httpClient(() => host.httpUrl);
  const get = (path: string) => call('GET', path);
  const invoke = async (method: string, path: string, json?: object) => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({
        FunctionName: 'streamfold-local-api',
        Payload: JSON.stringify({
          version: '2.0',
          rawPath: path,
          requestContext: { http: { method, path } },
          ...(json && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }),
        }),
      }),
    );
    expect(FunctionError).toBeUndefined();
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  };
  const projected = (id: string, version: number) =>
    until(
      () => get(`/ledger/${id}`),
      ({ body }) => (body['version'] as number) >= version,
    );

  it('writes who read an account into the log of the function, and not who wrote', async () => {
    const id = randomUUID();
    await call('POST', `/ledger/${id}/credits`, { amount: 1 });
    await projected(id, 2);
    const ours = () =>
      logs.filter(({ line }) => line.includes('"audit":"read"') && line.includes(`,ledger/${id},`));
    const found = await until(
      async () => ours(),
      (lines) => lines.some(({ line }) => line.includes('"status":200')),
    );
    const lines = found.map(({ functionName, line }) => ({ functionName, ...JSON.parse(line) }));
    expect(lines.at(-1)).toMatchObject({
      functionName: expect.stringContaining('api'),
      operationId: 'getAccount',
      issuer: 'urn:streamfold:open',
      subject: 'anyone',
      function_request_id: expect.stringMatching(/./),
    });
    expect(lines.filter(({ operationId }) => operationId !== 'getAccount')).toEqual([]);
  });

  it('shows a credit and a debit in the read model, its statement and the audit trail', async () => {
    const id = randomUUID();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await call('POST', `/ledger/${id}/credits`, { amount: 34.0 }, headers);
    expect(first).toMatchObject({ status: 201, body: { id, version: 2, balance: '34.00', currency: 'USD' } });
    expect(first.headers.get('location')).toBe(`/ledger/${id}`);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(await call('POST', `/ledger/${id}/debits`, { amount: 18.5 })).toMatchObject({ status: 200 });
    const again = await call('POST', `/ledger/${id}/credits`, { amount: 34.0 }, headers);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await call('GET', `/ledger/${id}`, undefined, { 'cache-control': 'no-cache' })).toMatchObject({
      body: { balance: '15.50', version: 3 },
    });
    const row = await projected(id, 3);
    expect(row.body).toMatchObject({ balance: '15.50', version: 3 });
    expect(row.headers.get('etag')).toBe('"3"');
    const { body: statement } = await get(`/ledger/${id}/entries`);
    expect(statement['items']).toMatchObject([
      { kind: 'debit', amount: '18.50', balance: '15.50' },
      { kind: 'credit', amount: '34.00', balance: '34.00' },
    ]);
    const { body: history } = await get(`/streams/ledger/${id}`);
    expect(history['items']).toMatchObject([
      { version: 1, type: 'Ledger:Opened' },
      { version: 2, type: 'Ledger:Credited' },
      { version: 3, type: 'Ledger:Debited' },
    ]);
  });

  it('pages through the history of a stream', async () => {
    const id = randomUUID();
    for (let amount = 1; amount <= 5; amount += 1) await call('POST', `/ledger/${id}/credits`, { amount });
    const seen: number[] = [];
    let query = '?limit=2';
    for (;;) {
      const { body } = await get(`/streams/ledger/${id}${query}`);
      seen.push(...(body['items'] as { version: number }[]).map(({ version }) => version));
      if (body['next'] === undefined) break;
      query = `?limit=2&cursor=${body['next']}`;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await get(`/streams/ledger/${id}?cursor=forged`)).toMatchObject({ status: 400 });
    expect(await get(`/streams/ledger/${randomUUID()}`)).toMatchObject({ status: 404 });
  });

  it('answers direct invocation as it answers HTTP', async () => {
    const id = randomUUID();
    const invoked = await invoke('POST', `/ledger/${id}/credits`, { amount: 7 });
    expect(invoked).toMatchObject({ statusCode: 201, headers: { location: `/ledger/${id}` } });
    const { body } = await projected(id, 2);
    expect(JSON.parse((await invoke('GET', `/ledger/${id}`)).body)).toEqual(body);
    expect(await invoke('GET', '/nowhere')).toMatchObject({ statusCode: 404 });
  });

  it('shows its tables, stream and functions to AWS clients', async () => {
    const dynamodb = new DynamoDBClient(sdkOptions(host));
    // Beside the read models: the log, snapshots, segments, the control table, the parking lot, the waiting room, and keys and index of persons.
    const { TableNames } = await dynamodb.send(new ListTablesCommand({}));
    expect(TableNames).toHaveLength(contextNames.length + 8);
    dynamodb.destroy();
    expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toHaveLength(1);
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    expect(Functions.map(({ FunctionName }) => FunctionName).sort()).toEqual([...host.functionNames].sort());
  });

  it('loses no command when many clients write to the same accounts at once', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    await Promise.all([one, two].map((id) => call('POST', `/ledger/${id}/credits`, { amount: 100 })));
    const writes = Array.from({ length: 40 }, (_, index) => {
      const [from, to] = index % 2 === 0 ? [one, two] : [two, one];
      return index % 3 === 0
        ? call('POST', `/ledger/${from}/credits`, { amount: 1 })
        : call('POST', `/ledger/${from}/transfers`, { to, amount: 0.5 });
    });
    const statuses = (await Promise.all(writes)).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    const balances = await Promise.all(
      [one, two].map(async (id) => {
        const { body } = await call('GET', `/ledger/${id}`, undefined, { 'cache-control': 'no-cache' });
        const row = await projected(id, body['version'] as number);
        expect(row.body).toEqual(body);
        return Number(body['balance']);
      }),
    );
    expect((balances[0] ?? 0) + (balances[1] ?? 0)).toBe(214);
  });

  it('parks a malformed record of the event stream and continues', async () => {
    const { StreamNames: [StreamName] = [] } = await kinesis.send(new ListStreamsCommand({}));
    await kinesis.send(
      new PutRecordCommand({ StreamName, PartitionKey: 'odd', Data: Buffer.from('not a commit') }),
    );
    const health = await until(
      async () => (await get('/health')).body as unknown as Health,
      ({ projectors }) => projectors[0]?.parked === 1,
    );
    expect(health).toMatchObject({ status: 'ok', log: { reachable: true } });
    const id = randomUUID();
    await call('POST', `/ledger/${id}/credits`, { amount: 1 });
    expect((await projected(id, 2)).status).toBe(200);
    await until(
      async () => (await get('/health')).body as unknown as Health,
      ({ projectors }) => projectors[0]?.behindMs === 0,
    );
  });

  it('carries one correlation id from request through commit and record to projection', async () => {
    const id = randomUUID();
    const correlationId = randomUUID();
    const headers = { 'x-correlation-id': correlationId };
    const reply = await call('POST', `/ledger/${id}/credits`, { amount: 1 }, headers);
    expect(reply.headers.get('x-correlation-id')).toBe(correlationId);
    const { body } = await get(`/streams/ledger/${id}`);
    expect(body['items']).toMatchObject([{ correlationId }, { correlationId }]);
    const onTheWay = ['api', 'publisher', 'ledger-projector'];
    const loggedBy = async () =>
      logs.filter(({ line }) => line.includes(correlationId)).map(({ functionName }) => functionName);
    await until(loggedBy, (names) => onTheWay.every((name) => names.includes(`streamfold-local-${name}`)));
    for (const { line } of logs) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('describes every route of the ledger, of TODO and of the system', async () => {
    const { body } = await get('/openapi.json');
    const own = /^\/(health|ledger|openapi|streams|todos)\b/;
    const paths = Object.keys(body['paths'] as object).filter((path) => own.test(path));
    expect(paths.sort()).toEqual([
      '/health',
      '/ledger',
      '/ledger/{id}',
      '/ledger/{id}/close',
      '/ledger/{id}/credits',
      '/ledger/{id}/debits',
      '/ledger/{id}/entries',
      '/ledger/{id}/transfers',
      '/openapi.json',
      '/streams/{category}/{id}',
      '/todos',
      '/todos/summary',
      '/todos/{id}',
    ]);
  });
});

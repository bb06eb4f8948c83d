import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { creditTree } from '../support/credit-trace.ts';
import { commitsOf } from '../support/forged-commit.ts';
import { expectTree, foundSpans, newTrace, untilSpan } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import type { Span } from '../support/spans.ts';
import { stores } from '../support/stored-bytes.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const isServer = ({ kind }: Span) => kind === 'server';

describe('one trace from a request to the read models', () => {
  let host: TestHost;
  let inside: InsideHost;
  const lines: Record<string, unknown>[] = [];
  beforeAll(async () => {
    host = await startTestHost({
      onFunctionLog: (_name, line) => {
        if (line.startsWith('{')) lines.push(JSON.parse(line));
      },
    });
    inside = new InsideHost(host);
    // The first request of an instance also reads the key of cursors.
    await call('GET', '/ledger');
  }, 60_000);
  afterAll(() => host?.stop());

  const call = httpClient(() => host.httpUrl);
  const credit = (id: string, headers: Readonly<Record<string, string>> = {}) =>
    call('POST', `/ledger/${id}/credits`, { amount: 34 }, headers);
  /** Invokes the function without the HTTP API, as an operator. */
  const invokeCredit = (id: string, headers: Readonly<Record<string, string>>) =>
    inside.invoke('api', {
      version: '2.0',
      rawPath: `/ledger/${id}/credits`,
      requestContext: { http: { method: 'POST' } },
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ amount: 34 }),
    });
  const untilProjected = (id: string, version: number) =>
    until(
      () => call('GET', `/ledger/${id}`),
      ({ body }) => Number(body['version']) >= version,
    );
  /** The `traceparent` of each CloudEvent of a stream, in the event stream. */
  const publishedContexts = async (stream: string) => {
    const found: string[] = [];
    for await (const { bytes } of stores['event streams']?.(host.awsUrl) ?? []) {
      const text = bytes.toString('utf8');
      const { events } = JSON.parse(text.slice(text.indexOf('{"category"')));
      for (const { subject, traceparent } of events) if (subject === stream) found.push(traceparent);
    }
    return found;
  };

  it('of a credit over HTTP, step by step', async () => {
    const [id, correlationId] = [randomUUID(), randomUUID()];
    const { traceId, spanId, traceparent } = newTrace();
    const stream = `ledger/${id}`;
    const commits = [`${stream}@1`];
    expect((await credit(id, { traceparent, 'x-correlation-id': correlationId })).status).toBe(201);
    const root = await untilSpan(host, { trace: traceId }, isServer);
    const all = await expectTree(host, root, creditTree);
    const spans = all.filter((span) => span.traceId === traceId);
    const named = (name: string) => spans.find((span) => span.name === name) as Span;
    const batch = (service: string) =>
      all.find((span) => span.service === service && span.name.startsWith('process ')) as Span;
    const [append, toStream, toQueue] = ['append', 'publish event-stream', 'publish todo'].map(named);

    // The caller's span is above all of them.
    expect(root).toMatchObject({
      parentSpanId: spanId,
      attributes: {
        'faas.trigger': 'http',
        'faas.coldstart': false,
        'http.request.method': 'POST',
        'http.route': '/ledger/{id}/credits',
        'http.response.status_code': 201,
        'streamfold.correlation_id': correlationId,
      },
    });
    expect(spans.filter(({ isError, events }) => isError || events.length > 0)).toEqual([]);
    expect(named('append').attributes).toMatchObject({ 'streamfold.commits': commits });
    expect(named('DynamoDB.PutItem').attributes).toMatchObject({
      'db.system.name': 'aws.dynamodb',
      'db.operation.name': 'PutItem',
      'streamfold.attempts': 1,
    });
    for (const name of ['project ledger', 'project todo-ledger'])
      expect(named(name).attributes).toMatchObject({
        'streamfold.commits': commits,
        'streamfold.stream': stream,
      });
    expect(toStream?.attributes).toMatchObject({ 'messaging.destination.name': 'event-stream' });

    // Each batch is a trace of its own, linked with what it handled, and what it did is linked with it.
    for (const [service, causes, steps] of [
      ['publisher', [append], [toStream, toQueue]],
      ['ledger-projector', [toStream], [named('project ledger')]],
      ['todo-projector', [toQueue], [named('project todo-ledger')]],
    ] as const) {
      const { traceId: ofBatch, spanId: batchId, parentSpanId, kind, links } = batch(service);
      expect([kind, parentSpanId]).toEqual(['consumer', undefined]);
      expect(ofBatch).not.toBe(traceId);
      expect(links).toEqual(causes.map((cause) => ({ traceId, spanId: cause?.spanId })));
      for (const step of steps) expect(step?.links).toEqual([{ traceId: ofBatch, spanId: batchId }]);
    }

    // What is stored and sent names the span that caused it.
    const [commit] = await commitsOf(inside, stream);
    expect(commit?.['traceparent']).toEqual({ S: `00-${traceId}-${append?.spanId}-01` });
    const context = `00-${traceId}-${toStream?.spanId}-01`;
    expect(await publishedContexts(stream)).toEqual([context, context]);

    // The line of the request names its span.
    const line = lines.find((each) => each['correlation_id'] === correlationId);
    expect(line).toMatchObject({ message: 'request', trace_id: traceId, span_id: root.spanId });
  });

  it('of a credit by direct invocation, with the context of the caller and without', async () => {
    const { traceId, spanId, traceparent } = newTrace();
    await invokeCredit(randomUUID(), { TraceParent: traceparent });
    const continued = await untilSpan(host, { trace: traceId }, isServer);
    expect(continued.parentSpanId).toBe(spanId);
    await expectTree(host, continued, creditTree);

    const correlation = randomUUID();
    await invokeCredit(randomUUID(), { 'x-correlation-id': correlation });
    const own = await untilSpan(host, { correlation }, isServer);
    expect(own.parentSpanId).toBeUndefined();
    await expectTree(host, own, creditTree);
  });

  it('of a transfer between two accounts', async () => {
    const [from, to] = [randomUUID(), randomUUID()];
    for (const id of [from, to]) {
      await credit(id);
      await untilProjected(id, 2);
    }
    const { traceId, traceparent } = newTrace();
    const transfer = await call('POST', `/ledger/${from}/transfers`, { to, amount: 5 }, { traceparent });
    expect(transfer.status).toBe(200);
    const all = await expectTree(host, await untilSpan(host, { trace: traceId }, isServer), [
      'POST /ledger/{id}/transfers (api, server)',
      '  hydrate (api, internal)',
      '    DynamoDB.Query (api, client)',
      '    DynamoDB.Query (api, client)',
      '  decide (api, internal)',
      '  append (api, internal)',
      '    DynamoDB.TransactWriteItems (api, client)',
      '    publish event-stream (publisher, producer)',
      '      Kinesis.PutRecords (publisher, client)',
      '      project ledger (ledger-projector, consumer)',
      '        DynamoDB.BatchWriteItem (ledger-projector, client)',
      '        DynamoDB.PutItem (ledger-projector, client)',
      '      project ledger (ledger-projector, consumer)',
      '        DynamoDB.BatchWriteItem (ledger-projector, client)',
      '        DynamoDB.PutItem (ledger-projector, client)',
      '    publish todo (publisher, producer)',
      '      SQS.SendMessageBatch (publisher, client)',
      '      project todo-ledger (todo-projector, consumer)',
      '        DynamoDB.PutItem (todo-projector, client)',
      '      project todo-ledger (todo-projector, consumer)',
      '        DynamoDB.PutItem (todo-projector, client)',
    ]);
    const places = [`ledger/${from}@3`, `ledger/${to}@3`];
    const commitsIn = (name: string) =>
      all.filter((span) => span.name === name).flatMap(({ attributes }) => attributes['streamfold.commits']);
    expect(commitsIn('append')).toEqual(places);
    expect(commitsIn('publish event-stream')).toEqual(places);
    expect(commitsIn('project ledger').sort()).toEqual([...places].sort());
  });

  it('of a query, with what it read', async () => {
    const id = randomUUID();
    await credit(id);
    await untilProjected(id, 2);
    const { traceId, traceparent } = newTrace();
    expect((await call('GET', `/ledger/${id}`, undefined, { traceparent })).status).toBe(200);
    const root = await untilSpan(host, { trace: traceId }, isServer);
    await expectTree(host, root, ['GET /ledger/{id} (api, server)', '  DynamoDB.GetItem (api, client)']);
  });

  it('of a refused request names the problem, and is no failure', async () => {
    const id = randomUUID();
    await credit(id);
    const { traceId, traceparent } = newTrace();
    const refused = await call('POST', `/ledger/${id}/debits`, { amount: 35 }, { traceparent });
    expect(refused.status).toBe(409);
    const root = await untilSpan(host, { trace: traceId }, isServer);
    expect(root).toMatchObject({
      isError: false,
      attributes: { 'http.response.status_code': 409, 'streamfold.problem': 'ledger/insufficient-funds' },
    });
    const spans = await foundSpans(host, { trace: traceId });
    expect(spans.map(({ name, events }) => [name, events])).toContainEqual(['decide', ['refused']]);
  });

  it.each([
    ['of no version', (id: string) => `ff-${id}-00f067aa0ba902b7-01`],
    ['of zeros', () => `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['with a parent of zeros', (id: string) => `00-${id}-${'0'.repeat(16)}-01`],
    ['in capital letters', (id: string) => `00-${id.toUpperCase()}-00F067AA0BA902B7-01`],
    ['with more fields than its version has', (id: string) => `00-${id}-00f067aa0ba902b7-01-more`],
    ['given twice', (id: string) => `00-${id}-00f067aa0ba902b7-01, 00-${id}-00f067aa0ba902b8-01`],
    ['that is much too long', (id: string) => `00-${id}-${'a'.repeat(4_000)}-01`],
  ])('is a new one for a context %s', async (_, contextOf) => {
    const { traceId } = newTrace();
    // Only this one can be malformed in capital letters.
    const id = `a${traceId.slice(1)}`;
    const [account, correlation] = [randomUUID(), randomUUID()];
    const headers = { traceparent: contextOf(id), 'x-correlation-id': correlation };
    expect((await credit(account, headers)).status).toBe(201);
    const root = await untilSpan(host, { correlation }, isServer);
    expect(root).not.toHaveProperty('parentSpanId');
    expect(await foundSpans(host, { trace: id })).toEqual([]);
    const [commit] = await commitsOf(inside, `ledger/${account}`);
    expect(commit?.['traceparent']?.S).toContain(root.traceId);
  });

  it('of a request for an unknown route has nothing of its path', async () => {
    const { traceId, traceparent } = newTrace();
    const path = '/ledgers/Quackenbush';
    expect((await call('GET', `${path}?name=Quackenbush`, undefined, { traceparent })).status).toBe(404);
    const root = await untilSpan(host, { trace: traceId }, isServer);
    expect(root.name).toBe('GET');
    expect(JSON.stringify(root.attributes)).not.toMatch(/ledgers|Quackenbush/);
  });
});

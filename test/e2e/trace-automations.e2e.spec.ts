import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectTree, newTrace, untilSpan } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import type { Span } from '../support/spans.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const fresh = { 'cache-control': 'no-cache' };

describe('a trace goes on in what reacts to a commit:', () => {
  let host: TestHost;
  let inside: InsideHost;
  beforeAll(async () => {
    host = await startTestHost();
    inside = new InsideHost(host);
    await call('GET', '/ledger');
  }, 60_000);
  afterAll(() => host?.stop());

  const call = httpClient(() => host.httpUrl);

  it('the sweep begins one, and its commits are in it', async () => {
    const id = String((await call('POST', '/metrics', { name: 'Orders' })).body['id']);
    const deadline = new Date(Date.now() + 1_000).toISOString();
    await call('POST', `/metrics/${id}/targets`, { value: 5, deadline });
    // The TODO list knows the target. If it did not, it would read the missing commits first.
    await until(
      () => call('GET', `/todos?status=closed&subject=metrics/${id}`),
      ({ body }) => (body['items'] as object[]).length === 1,
    );
    await until(
      async () => {
        await inside.invoke('metrics-sweeper', {});
        return (await call('GET', `/metrics/${id}`, undefined, fresh)).body['version'];
      },
      (version) => version === 3,
    );
    const commit = `metrics/${id}@3`;
    const expire = await untilSpan(host, { commit }, ({ name }) => name === 'expire');
    const all = await expectTree(host, expire, [
      'expire (metrics-sweeper, internal)',
      '  hydrate (metrics-sweeper, internal)',
      '    DynamoDB.GetItem (metrics-sweeper, client)',
      '    DynamoDB.Query (metrics-sweeper, client)',
      '  decide (metrics-sweeper, internal)',
      '  append (metrics-sweeper, internal)',
      '    DynamoDB.PutItem (metrics-sweeper, client)',
      '    publish event-stream (publisher, producer)',
      '      Kinesis.PutRecords (publisher, client)',
      '      project metrics (metrics-projector, consumer)',
      '        DynamoDB.PutItem (metrics-projector, client)',
      '        DynamoDB.PutItem (metrics-projector, client)',
      '    publish todo (publisher, producer)',
      '      SQS.SendMessageBatch (publisher, client)',
      '      project todo-metrics (todo-projector, consumer)',
      '        DynamoDB.PutItem (todo-projector, client)',
      '        DynamoDB.PutItem (todo-projector, client)',
    ]);
    expect(expire.attributes).toMatchObject({ 'streamfold.stream': `metrics/${id}` });
    const sweep = all.find(({ spanId }) => spanId === expire.parentSpanId);
    expect(sweep).toMatchObject({ service: 'metrics-sweeper', kind: 'internal', links: [] });
    // A person has invoked it, or the schedule of the host.
    expect(sweep?.name).toMatch(/^(invoke|schedule)$/);
    expect(sweep).not.toHaveProperty('parentSpanId');
  });

  it('an uploaded prescription is analyzed, and what was read is recorded, in the trace of the upload', async () => {
    const id = String((await call('POST', '/dispenses', {})).body['id']);
    await until(
      () => call('GET', `/dispenses/${id}`),
      ({ status }) => status === 200,
    );
    const { traceId, traceparent } = newTrace();
    const upload = await fetch(`${host.httpUrl}/dispenses/${id}/prescription`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', traceparent },
      body: 'Amoxicillin 500 mg capsule, 21, take one three times daily for 7 days\n',
    });
    expect(upload.status).toBe(200);
    const root = await untilSpan(host, { trace: traceId }, ({ kind }) => kind === 'server');
    const all = await expectTree(host, root, [
      'PUT /dispenses/{id}/prescription (api, server)',
      '  S3.PutObject (api, client)',
      '  hydrate (api, internal)',
      '    DynamoDB.Query (api, client)',
      '  decide (api, internal)',
      '  append (api, internal)',
      '    DynamoDB.PutItem (api, client)',
      ...publishedTo('    ', 'event-stream'),
      ...publishedTo('    ', 'todo'),
      '    publish analysis (publisher, producer)',
      '      SQS.SendMessageBatch (publisher, client)',
      '      analyze (prescription-analyzer, consumer)',
      '        DynamoDB.GetItem (prescription-analyzer, client)',
      '        KMS.Decrypt (prescription-analyzer, client)',
      '        S3.HeadObject (prescription-analyzer, client)',
      '        S3.CopyObject (prescription-analyzer, client)',
      '        S3.GetObject (prescription-analyzer, client)',
      '        SQS.SendMessage (prescription-analyzer, client)',
      '        record (prescription-recorder, consumer)',
      '          DynamoDB.GetItem (prescription-recorder, client)',
      '          KMS.Decrypt (prescription-recorder, client)',
      '          hydrate (prescription-recorder, internal)',
      '            DynamoDB.GetItem (prescription-recorder, client)',
      '            DynamoDB.Query (prescription-recorder, client)',
      '          decide (prescription-recorder, internal)',
      '          append (prescription-recorder, internal)',
      '            DynamoDB.PutItem (prescription-recorder, client)',
      ...publishedTo('            ', 'event-stream'),
      ...publishedTo('            ', 'todo'),
      '  S3.HeadObject (api, client)',
      '  S3.CopyObject (api, client)',
    ]);
    for (const [service, cause] of [
      ['prescription-analyzer', 'publish analysis'],
      ['prescription-recorder', 'analyze'],
    ] as const) {
      const batch = all.find((span) => span.service === service && span.traceId !== traceId);
      const { spanId } = all.find(({ name }) => name === cause) as Span;
      expect(batch).toMatchObject({ kind: 'consumer', links: [{ traceId, spanId }] });
    }
  });
});

/** The spans of a commit of a dispense that is published and projected. */
function publishedTo(indent: string, destination: 'event-stream' | 'todo'): string[] {
  const lines =
    destination === 'todo'
      ? [
          'publish todo (publisher, producer)',
          '  SQS.SendMessageBatch (publisher, client)',
          '  project todo-dispense (todo-projector, consumer)',
          '    DynamoDB.PutItem (todo-projector, client)',
          '    DynamoDB.PutItem (todo-projector, client)',
        ]
      : [
          'publish event-stream (publisher, producer)',
          '  Kinesis.PutRecords (publisher, client)',
          '  project dispense (dispense-projector, consumer)',
          '    DynamoDB.PutItem (dispense-projector, client)',
        ];
  return lines.map((line) => indent + line);
}

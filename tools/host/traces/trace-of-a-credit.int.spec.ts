import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Span, spansIn } from '../../../test/support/spans.ts';
import { startTestHost, type TestHost } from '../../../test/support/test-host.ts';
import { until } from '../../../test/support/until.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
});
afterAll(() => host?.stop());

/** The spans that the host finds; none: it has none. */
async function found(query: Readonly<Record<string, string>>): Promise<Span[]> {
  const response = await fetch(`${host.tracesUrl}/traces?${new URLSearchParams(query)}`);
  return response.status === 404 ? [] : spansIn((await response.json()) as object);
}

/** The steps of the trace, and one of a batch. */
const steps = [
  ['api', 'POST /ledger/{id}/credits'],
  ['api', 'append'],
  ['publisher', 'publish event-stream'],
  ['publisher', 'publish todo'],
  ['ledger-projector', 'project ledger'],
  ['todo-projector', 'project todo-ledger'],
  ['ledger-projector', 'DynamoDB.UpdateItem'],
];
const missingIn = (spans: readonly Span[]) =>
  steps.filter(([service, name]) => !spans.some((span) => span.service === service && span.name === name));

it('a credit is found by its correlation id, its trace and its place, with all that it caused', async () => {
  const [id, correlation] = [randomUUID(), randomUUID()];
  const headers = { 'content-type': 'application/json', 'x-correlation-id': correlation };
  const url = `${host.httpUrl}/ledger/${id}/credits`;
  const response = await fetch(url, { method: 'POST', headers, body: '{"amount":34}' });
  expect(response.status).toBe(201);
  await until(
    async () => missingIn(await found({ correlation })),
    ({ length }) => length === 0,
  );

  const spans = await found({ correlation });
  const [root] = spans.filter(({ kind }) => kind === 'server');
  const [append] = spans.filter(({ name }) => name === 'append');
  const ids = (some: readonly Span[]) => some.map(({ spanId }) => spanId).sort();
  const byTrace = await found({ trace: String(root?.traceId) });
  expect(ids(byTrace)).toEqual(expect.arrayContaining(ids(spans)));
  const [commit = ''] = [append?.attributes['streamfold.commits']].flat().map(String);
  expect(commit).toMatch(new RegExp(`^ledger/${id}@\\d+$`));
  expect(ids(await found({ commit }))).toEqual(expect.arrayContaining(ids(spans)));
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Route } from '../http/route.ts';
import type { StreamName } from '../kernel/index.ts';
import { type Api, casesOf, fill, right, secrets } from './audit-of-reads.fixture.ts';
import { sampleBody } from './tenants.fixture.ts';
import { wholeApi } from './whole-api.fixture.ts';

/** What the whole API answers about a person: with the key, without it, and while keys cannot be read. */

let api: Api;
let filled: Awaited<ReturnType<typeof fill>>;
beforeEach(async () => {
  api = await wholeApi();
  filled = await fill(api);
  await call('POST', `/dispenses/${filled.id}/cancel`, { json: { reason: secrets.reason } });
  await api.project(filled.dispense as StreamName);
  api.keys.calls.length = 0;
  api.logged.length = 0;
});

const call = (method: string, path: string, more: Parameters<Api['call']>[2] = {}) =>
  api.call(method, path, { claims: right, ...more });

const { name, birthDate, identifier, drug, directions, setAside, notUnderstood, reason } = secrets;
const ofThePatient = [name, birthDate, identifier, drug, directions, setAside, notUnderstood, reason];
const inText = (texts: readonly string[]) => new RegExp(texts.join('|'));

/** Requests for everything that is known of the dispense. */
const whole: readonly (readonly [what: string, path: string, query: string, isFresh: boolean])[] = [
  ['the stored dispense', '/dispenses/ID', '', false],
  ['the fresh dispense', '/dispenses/ID', '', true],
  ['the list of dispenses', '/dispenses', '', false],
  ['the list of a state', '/dispenses', 'state=cancelled', false],
  ['the audit trail', '/streams/dispense/ID', '', false],
];
const ask = (path: string, query: string, isFresh: boolean) =>
  call('GET', path.replace('ID', filled.id), {
    query,
    headers: isFresh ? { 'cache-control': 'no-cache' } : {},
  });

describe.each(whole)('%s', (_what, path, query, isFresh) => {
  it('shows what is known of the patient, and no copy of it is kept', async () => {
    const { status, headers, body } = await ask(path, query, isFresh);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    for (const secret of ofThePatient) expect(JSON.stringify(body)).toContain(secret);
    expect(api.keys.calls).toEqual([`find all ${filled.dispense}`]);
  });

  it('says that it is erased if the key is gone', async () => {
    api.keys.destroy(filled.dispense);
    const { status, body } = await ask(path, query, isFresh);
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toMatch(inText(ofThePatient));
    expect(JSON.stringify(body)).toContain('{"erased":true}');
  });

  it('is not answered while the keys cannot be read', async () => {
    api.keys.outage = Object.assign(new Error('Down.'), {
      name: 'KMSInternalException',
      $metadata: { httpStatusCode: 500 },
    });
    const { status, headers, body } = await ask(path, query, isFresh);
    expect([status, headers['retry-after'], body.type]).toEqual([
      503,
      '1',
      'urn:streamfold:problem:unavailable',
    ]);
    expect(JSON.stringify([body, api.logged])).not.toMatch(inText(ofThePatient));
  });
});

/** A request for each route: those of the audit of reads, and the others with what they need. */
function everyRequest(): readonly (readonly [operationId: string, () => ReturnType<Api['call']>])[] {
  const cases = casesOf(filled);
  return api.routes.map((route) => [route.operationId, () => send(route, cases[route.operationId])]);
}

function send(route: Route, found: ReturnType<typeof casesOf>[string] | undefined) {
  const base64 = Buffer.from(secrets.document).toString('base64');
  const [method, path, json, query] = found?.request ?? [
    route.method,
    route.path.replace('{id}', 'a'),
    sampleBody(route),
  ];
  return call(method, path, {
    ...(json !== undefined && { json }),
    ...(query !== undefined && { query }),
    ...(found?.isUpload && { base64 }),
  });
}

describe('no answer has an envelope', () => {
  it.each([
    ['with the keys', () => undefined],
    ['without them', () => api.keys.destroy(filled.dispense)],
    [
      'during an outage',
      () => {
        api.keys.outage = Object.assign(new Error('Down.'), { name: 'TimeoutError' });
      },
    ],
  ])('%s', async (_what, happen) => {
    happen();
    const statuses = new Set<number>();
    for (const [operationId, request] of everyRequest()) {
      const { status, body } = await request();
      statuses.add(status);
      expect([operationId, JSON.stringify(body ?? '')]).toEqual([
        operationId,
        expect.not.stringContaining('"enc"'),
      ]);
      expect([operationId, status]).not.toEqual([operationId, 500]);
    }
    expect(statuses.size).toBeGreaterThan(2);
  });
});

describe('what is stored', () => {
  it('has nothing of the patient in clear, also in the answers that repeated commands get', async () => {
    const streams = [filled.dispense, `dispense/${filled.begun}`] as StreamName[];
    for (const [, request] of everyRequest()) await request();
    const commits = (await Promise.all(streams.map((stream) => api.commitsOf(stream)))).flat();
    expect(commits.length).toBeGreaterThan(8);
    expect(commits.some(({ answer }) => answer !== undefined)).toBe(true);
    expect(JSON.stringify(commits)).toContain('"enc"');
    expect(JSON.stringify(commits)).not.toMatch(inText(ofThePatient));
  });
});

describe('routes that show nothing of persons', () => {
  it.each(['/metrics', '/todos', '/todos/summary', '/ledger/a', '/ledger/a/entries', '/openapi.json'])(
    'need no keys: %s',
    async (path) => {
      api.keys.outage = new Error('Nobody asks.');
      expect(await call('GET', path)).toMatchObject({ status: 200 });
      expect(api.keys.calls).toEqual([]);
    },
  );
});

it('the OpenAPI document tells a value and an erased one apart', async () => {
  const { body } = await call('GET', '/openapi.json');
  const { components, paths } = body as { components: { schemas: Record<string, unknown> }; paths: object };
  const erasedRef = { $ref: '#/components/schemas/Erased' };
  expect(components.schemas['Erased']).toMatchObject({
    type: 'object',
    properties: { erased: { const: true } },
    required: ['erased'],
    description: expect.stringContaining('erased'),
  });
  const { properties } = answerOf(paths, '/dispenses/{id}');
  expect(properties).toMatchObject({
    patient: { properties: { name: { anyOf: [{ type: 'string' }, erasedRef] } } },
    // Each item by itself.
    drugs: {
      type: 'array',
      items: { anyOf: [{ type: 'object', required: expect.arrayContaining(['name']) }, erasedRef] },
    },
    cancelReason: { anyOf: [{ type: 'string' }, erasedRef] },
  });
});

function answerOf(paths: object, path: string): { readonly properties: object } {
  const documented = paths as Record<
    string,
    { get: { responses: { 200: { content: Record<string, unknown> } } } }
  >;
  const media = documented[path]?.get.responses[200].content['application/json'];
  return (media as { schema: { properties: object } }).schema;
}

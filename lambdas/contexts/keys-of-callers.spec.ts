import { describe, expect, it } from '@jest/globals';
import type { TestApi, TestRequest } from '../http/testing.ts';
import { contextUnderTest, problemLike } from './context-under-test.fixture.ts';
import { dispenseRoutes } from './dispense/api/routes.ts';
import { dispenseUnderTest } from './dispense/dispense-under-test.fixture.ts';
import { failAnalysis, patient, upload } from './dispense/domain/dispense.fixture.ts';
import { ledgerRoutes } from './ledger/api/routes.ts';
import ledger from './ledger/context.ts';
import { metricRoutes } from './metrics/api/routes.ts';
import metrics from './metrics/context.ts';

const deadline = '2099-12-31T23:59:59Z';
const drug = { name: 'Drug', strength: '1 mg', form: 'tablet', quantity: 1, directions: 'daily' };
const reused = problemLike(422, 'idempotency-key-reused');

async function ledgerApi(): Promise<TestApi> {
  const { post, call } = contextUnderTest(ledger);
  await post('/ledger/a/credits', { amount: 100 });
  await post('/ledger/b/credits', { amount: 100 });
  await post('/ledger/empty/credits', { amount: 1 });
  await post('/ledger/empty/debits', { amount: 1 });
  return call;
}

/** The id of the metric or dispense is known only when it is created; `:id` in a path stands for it. */
async function metricsApi(): Promise<TestApi> {
  const { create, call } = contextUnderTest(metrics);
  return at(call, await create('/metrics', { name: 'Orders' }));
}

async function dispenseApi(): Promise<TestApi> {
  const { start, call } = dispenseUnderTest();
  return at(call, await start());
}

function at(call: TestApi, id: string): TestApi {
  return (method, path, request) => call(method, path.replace(':id', id), request);
}

async function filledDispenseApi(): Promise<TestApi> {
  const call = await dispenseApi();
  await call('POST', '/dispenses/:id/patient', { json: patient });
  await call('POST', '/dispenses/:id/drugs', { json: { drugs: [drug] } });
  return call;
}

/** The analysis of its prescription failed, and has the id `e1`. */
async function analyzedDispenseApi(): Promise<TestApi> {
  const { start, call, send } = dispenseUnderTest();
  const id = await start();
  await send(id, upload());
  await send(id, failAnalysis());
  return at(call, id);
}

interface Route {
  readonly api: () => Promise<TestApi>;
  readonly request: readonly [method: string, path: string, request: TestRequest];
  /** Another command for the same route; absent if the route has only one. */
  readonly other?: TestRequest;
  /** The status for a second caller. */
  readonly second: number;
}

const post = (path: string, json?: unknown) =>
  ['POST', path, json === undefined ? {} : { json }] as const satisfies Route['request'];

/** Every command route. */
const routes: readonly Route[] = [
  {
    api: ledgerApi,
    request: post('/ledger', { currency: 'USD' }),
    other: { json: { currency: 'EUR' } },
    second: 201,
  },
  {
    api: ledgerApi,
    request: post('/ledger/new/credits', { amount: 10 }),
    other: { json: { amount: 11 } },
    second: 200,
  },
  {
    api: ledgerApi,
    request: post('/ledger/a/debits', { amount: 1 }),
    other: { json: { amount: 2 } },
    second: 200,
  },
  {
    api: ledgerApi,
    request: post('/ledger/a/transfers', { to: 'b', amount: 1 }),
    other: { json: { to: 'b', amount: 2 } },
    second: 200,
  },
  { api: ledgerApi, request: post('/ledger/empty/close'), second: 409 },
  { api: metricsApi, request: post('/metrics', { name: 'A' }), other: { json: { name: 'B' } }, second: 201 },
  {
    api: metricsApi,
    request: post('/metrics/:id/targets', { value: 1, deadline }),
    other: { json: { value: 2, deadline } },
    second: 200,
  },
  {
    api: metricsApi,
    request: post('/metrics/:id/values', { value: 1 }),
    other: { json: { value: 2 } },
    second: 200,
  },
  { api: metricsApi, request: post('/metrics/:id/archive'), second: 409 },
  { api: dispenseApi, request: post('/dispenses'), second: 201 },
  {
    api: dispenseApi,
    request: ['PUT', '/dispenses/:id/prescription', { body: 'Amoxicillin 500 mg capsule, 21' }],
    other: { body: 'Ibuprofen 400 mg tablet, 20' },
    second: 200,
  },
  {
    api: analyzedDispenseApi,
    request: ['POST', '/dispenses/:id/prescription/pages', { body: 'Amoxicillin 500 mg capsule, 21' }],
    other: { body: 'Ibuprofen 400 mg tablet, 20' },
    second: 200,
  },
  {
    api: analyzedDispenseApi,
    request: post('/dispenses/:id/analysis/confirm', { analysis: 'e1' }),
    other: { json: { analysis: 'e2' } },
    second: 200,
  },
  {
    api: dispenseApi,
    request: post('/dispenses/:id/patient', patient),
    other: { json: { ...patient, name: 'Another' } },
    second: 409,
  },
  {
    api: filledDispenseApi,
    request: post('/dispenses/:id/patient/correct', patient),
    other: { json: { ...patient, name: 'Another' } },
    second: 200,
  },
  {
    api: dispenseApi,
    request: post('/dispenses/:id/drugs', { drugs: [drug] }),
    other: { json: { drugs: [drug, drug] } },
    second: 200,
  },
  { api: filledDispenseApi, request: post('/dispenses/:id/complete'), second: 409 },
  {
    api: dispenseApi,
    request: post('/dispenses/:id/cancel', { reason: 'Mistake' }),
    other: { json: { reason: 'Other' } },
    second: 409,
  },
];

/** Two callers, each with a key. Joined in any simple way, their texts are equal. Undefined: no authorizer. */
const pairs = [
  ['alice', '1', 'bob', '1'],
  ['alice', '1', undefined, '1'],
  [undefined, '1', 'anyone', '1'],
  [undefined, '1', 'undefined', '1'],
  ['user:1', 'abc', 'user', '1:abc'],
  ['user 1', 'abc', 'user', '1 abc'],
  ['user","1', 'abc', 'user', '1","abc'],
  ['metrics-sweeper', '1', 'prescription-analyzer', '1'],
  [`${'a'.repeat(250)}lice`, '1', `${'a'.repeat(250)}nn`, '1'],
] as const;

const table = routes.flatMap((route) => pairs.map((pair) => ({ route, pair, name: route.request[1] })));

it('the table has every command route, and each answer documents Idempotency-Replayed', () => {
  const declared = [ledgerRoutes, metricRoutes, dispenseRoutes].flatMap((create) => create({} as never));
  const commands = declared.filter(({ command }) => command);
  const places = commands.map(({ method, path }) => `${method} ${path}`);
  const shown = routes.map(
    ({ request: [method, path] }) => `${method} ${path.replace(/(\/\w+)\/[:\w]+\//, '$1/{id}/')}`,
  );
  expect(shown.sort()).toEqual(places.sort());
  const answers = commands.flatMap((route) => Object.values(route.answers));
  expect(answers.every(({ headers }) => headers?.['idempotency-replayed'] !== undefined)).toBe(true);
});

describe('a key belongs to its caller', () => {
  it.each(table)('$route.request.0 $name $pair', async ({ route, pair }) => {
    const [one, oneKey, two, twoKey] = pair;
    const call = await route.api();
    const [method, path] = route.request;
    const send = (actor: string | undefined, key: string, request: TestRequest = route.request[2]) =>
      call(method, path, {
        ...request,
        headers: { ...request.headers, 'idempotency-key': key },
        ...(actor !== undefined && { actor }),
      });
    const first = await send(one, oneKey);
    expect([200, 201]).toContain(first.status);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    const second = await send(two, twoKey);
    expect(second).toMatchObject({ status: route.second });
    expect(second.headers).not.toHaveProperty('idempotency-replayed');
    const { 'x-correlation-id': _, ...headers } = first.headers;
    expect(await send(one, oneKey)).toMatchObject({
      status: first.status,
      headers: { ...headers, 'idempotency-replayed': 'true' },
      body: first.body,
    });
    if (route.other) expect(await send(one, oneKey, route.other)).toMatchObject(reused);
  });

  it('books the credit of each of two callers', async () => {
    const { call, eventsOf } = contextUnderTest(ledger);
    for (const actor of ['alice', 'bob', 'alice']) {
      await call('POST', '/ledger/c/credits', {
        actor,
        json: { amount: 10 },
        headers: { 'idempotency-key': '1' },
      });
    }
    expect((await eventsOf('c')).filter(([type]) => type === 'Ledger:Credited')).toHaveLength(2);
  });

  it('gives two callers two accounts', async () => {
    const call = await ledgerApi();
    const ids = await Promise.all(
      pairs.flatMap(([one, oneKey, two, twoKey]) =>
        [[one, oneKey] as const, [two, twoKey] as const].map(async ([actor, key]) => {
          const headers = { 'idempotency-key': key };
          const { body } = await call('POST', '/ledger', {
            json: { currency: 'USD' },
            headers,
            ...(actor && { actor }),
          });
          return [JSON.stringify([actor, key]), (body as { id: string }).id] as const;
        }),
      ),
    );
    expect(new Set(ids.map(([, id]) => id)).size).toBe(new Set(ids.map(([who]) => who)).size);
  });

  it('cannot spell a command id: neither with a key, nor without one, nor on the other account', async () => {
    const api = contextUnderTest(ledger);
    await api.post('/ledger/b/credits', { amount: 5 });
    await api.post('/ledger/a/credits', { amount: 5 }, { 'idempotency-key': '1' });
    await api.post('/ledger/a/transfers', { to: 'b', amount: 1 });
    const commits = (['ledger/a', 'ledger/b'] as const).map((stream) =>
      Array.fromAsync(api.log.read(stream)),
    );
    const ids = (await Promise.all(commits)).flat(2).map(({ commandId }) => commandId);
    expect(ids).toHaveLength(4);
    for (const id of ids) {
      for (const [key, status] of [
        [id, 400],
        // Without the first character, it is a key like any other.
        [id.slice(1), 200],
      ] as const) {
        for (const account of ['a', 'b']) {
          const answer = await api.post(
            `/ledger/${account}/credits`,
            { amount: 7 },
            { 'idempotency-key': key },
          );
          expect(answer).toMatchObject({ status });
        }
      }
    }
  });
});

describe('a command that stored nothing', () => {
  it('does not use its key: the same command is decided again', async () => {
    const api = contextUnderTest(ledger);
    await api.post('/ledger/a/credits', { amount: 1 });
    const key = { 'idempotency-key': '1' };
    expect(await api.post('/ledger/a/debits', { amount: 2 }, key)).toMatchObject({ status: 409 });
    await api.post('/ledger/a/credits', { amount: 1 });
    const done = await api.post('/ledger/a/debits', { amount: 2 }, key);
    expect(done).toMatchObject({ status: 200 });
    expect(done.headers).not.toHaveProperty('idempotency-replayed');
  });
});

describe('a key with preconditions', () => {
  it.each([{ 'if-match': '"2"' }, { 'if-none-match': '"1"' }])(
    '%j: a repeat gets the first answer, another caller is refused',
    async (condition) => {
      const call = await ledgerApi();
      const credit = (actor: string, more: Readonly<Record<string, string>>) =>
        call('POST', '/ledger/a/credits', {
          actor,
          json: { amount: 1 },
          headers: { 'idempotency-key': '1', ...more },
        });
      const first = await credit('alice', condition);
      expect(first).toMatchObject({ status: 200, headers: { etag: '"3"' } });
      expect(first.headers).not.toHaveProperty('idempotency-replayed');
      expect(await credit('alice', condition)).toMatchObject({
        status: 200,
        headers: { etag: '"3"', 'idempotency-replayed': 'true' },
      });
      expect(await credit('bob', { 'if-match': '"2"' })).toMatchObject(problemLike(412, 'version-mismatch'));
    },
  );

  it('If-None-Match: * with a key creates once per caller', async () => {
    const call = await ledgerApi();
    const open = (actor: string) =>
      call('POST', '/ledger', {
        actor,
        json: { currency: 'USD' },
        headers: { 'idempotency-key': '1', 'if-none-match': '*' },
      });
    const first = await open('alice');
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(await open('bob')).toMatchObject({ status: 201 });
    expect(await open('alice')).toMatchObject({
      status: 201,
      body: first.body,
      headers: { 'idempotency-replayed': 'true' },
    });
  });
});

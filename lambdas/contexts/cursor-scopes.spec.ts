import { expect, it } from '@jest/globals';
import { createCursors } from '../http/cursor.ts';
import { type TestApi, testApi } from '../http/testing.ts';
import { visibilityOf } from '../http/visibility.ts';
import { MemoryReadModel } from '../kernel/memory/index.ts';
import { contextUnderTest } from './context-under-test.fixture.ts';
import { dispenseUnderTest } from './dispense/dispense-under-test.fixture.ts';
import ledger from './ledger/context.ts';
import { loadTodoRules } from './load-todo-rules.ts';
import { metricsUnderTest } from './metrics/metrics-under-test.fixture.ts';
import { todoRoutes } from './todo/api/routes.ts';
import { todoLists } from './todo/read-model/projection.ts';

const cursors = createCursors(Buffer.alloc(32, 7));

async function ledgerApi(): Promise<TestApi> {
  const api = contextUnderTest(ledger);
  await api.post('/ledger/a/credits', { amount: 1 });
  await api.project('a');
  return api.call;
}

async function metricsApi(): Promise<TestApi> {
  const api = metricsUnderTest();
  await api.send('m', { type: 'Create', name: 'm', now: api.clock.now });
  await api.project('m');
  return api.call;
}

async function todoApi(): Promise<TestApi> {
  const rules = await loadTodoRules();
  return testApi(
    todoRoutes({ readModel: new MemoryReadModel(todoLists), cursors, rules, visibility: visibilityOf([]) }),
  );
}

/** Clients keep cursors across deployments, so the text that identifies a list and its filters must not change. */
it.each<[string, () => Promise<TestApi>, string, string]>([
  ['/ledger', ledgerApi, '', '/ledger'],
  ['/ledger/a/entries', ledgerApi, '', '/ledger/a/entries'],
  ['/metrics', metricsApi, '', '/metrics?[null,null,null,"name"]'],
  [
    '/metrics',
    metricsApi,
    'sort=deadline&status=active&name=a&deadlineBefore=2026-01-01T00:00:00Z',
    '/metrics?["active","a","2026-01-01T00:00:00.000Z","deadline"]',
  ],
  ['/metrics/m/history', metricsApi, '', '/metrics/m/history?[null,null]'],
  ['/dispenses', async () => dispenseUnderTest().call, '', '/dispenses?state='],
  ['/dispenses', async () => dispenseUnderTest().call, 'state=ready', '/dispenses?state=ready'],
  ['/todos', todoApi, '', '/todos?[null,null,null,null]'],
  [
    '/todos',
    todoApi,
    'subject=ledger/a&kind=settle-overdraft&context=ledger&status=open',
    '/todos?["open","ledger","settle-overdraft","ledger/a"]',
  ],
])('GET %s accepts cursors with an unchanged scope (%#)', async (path, makeApi, query, scope) => {
  const call = await makeApi();
  const take = (encodedFor: string) =>
    call('GET', path, { query: `${query}&cursor=${cursors.encode(encodedFor, 'key')}` });
  expect(await take(scope)).toMatchObject({ status: 200 });
  expect(await take(`${scope}x`)).toMatchObject({ status: 400 });
});

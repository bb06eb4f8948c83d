import { expect, it } from '@jest/globals';
import { createCursors } from '../../../http/cursor.ts';
import { openApiRoute } from '../../../http/openapi.ts';
import { testApi } from '../../../http/testing.ts';
import { metricsUnderTest } from '../metrics-under-test.fixture.ts';
import { metricRoutes } from './routes.ts';

it('the OpenAPI document describes every route', async () => {
  const cursors = createCursors(Buffer.alloc(32, 7));
  const routes = metricRoutes({ ...metricsUnderTest(), cursors });
  const answer = await testApi([
    openApiRoute({ title: 'Test', version: '1', authentication: 'none' }, routes),
  ])('GET', '/openapi.json');
  const { paths } = answer.body as unknown as { paths: Record<string, object> };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual([
    'get /metrics',
    'get /metrics/{id}',
    'get /metrics/{id}/history',
    'get /openapi.json',
    'post /metrics',
    'post /metrics/{id}/archive',
    'post /metrics/{id}/targets',
    'post /metrics/{id}/values',
  ]);
});

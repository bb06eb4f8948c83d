import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { largestDrugs } from '../../lambdas/contexts/dispense/large-dispenses.fixture.ts';
import type { Host } from '../../tools/host/host.ts';
import { httpClient } from '../support/http-client.ts';
import { startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const count = 52;

describe('large rows on the local host', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startTestHost();
  }, 60_000);
  afterAll(() => host?.stop());

  const call = httpClient(() => host.httpUrl);
  const page = async (query: string) => {
    const { status, body } = await call('GET', `/dispenses${query}`);
    const items = body['items'] as { readonly id: string; readonly drugs: readonly unknown[] }[];
    return { status, items, next: body['next'] as string | undefined };
  };

  it('are listed in shorter pages, each row once', async () => {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const id = String((await call('POST', '/dispenses', {})).body['id']);
      const { status } = await call('POST', `/dispenses/${id}/drugs`, { drugs: largestDrugs('\u4e00') });
      expect(status).toBe(200);
      ids.push(id);
    }
    // The rows arrive in any order.
    await until(
      async () => Promise.all(ids.map((id) => call('GET', `/dispenses/${id}`))),
      (answers) => answers.every(({ body }) => (body['drugs'] as unknown[] | undefined)?.length === 50),
    );
    const first = await page('');
    expect(first.status).toBe(200);
    expect(first.items.length).toBeLessThan(50);
    const seen = first.items.map(({ id }) => id);
    for (let next = first.next; next !== undefined; ) {
      const later = await page(`?cursor=${next}`);
      expect(later.status).toBe(200);
      seen.push(...later.items.map(({ id }) => id));
      next = later.next;
    }
    expect(seen).toEqual(ids);
  }, 120_000);
});

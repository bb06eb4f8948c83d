import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aggregateNames } from '../../schema/contexts.ts';
import type { Host } from '../../tools/host/host.ts';
import { synthesize } from '../../tools/host/template/synthesize.ts';
import { httpClient } from '../support/http-client.ts';
import { resources, templateOf } from '../support/synthesized.ts';
import { startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const templateFile = 'streamfold-local.template.json';

/** The synthesized app, with the event source mappings of the setting `eventFilters: "on"`. */
async function appWithFilters(folder: string): Promise<void> {
  await cp(await synthesize(join(import.meta.dirname, '../..')), folder, {
    recursive: true,
  });
  const file = join(folder, templateFile);
  const template = JSON.parse(await readFile(file, 'utf8'));
  const filtered = resources(templateOf('local', { eventFilters: 'on' }), 'AWS::Lambda::EventSourceMapping');
  for (const [id, mapping] of filtered) template.Resources[id].Properties = mapping.Properties;
  await writeFile(file, JSON.stringify(template));
}

describe('the app with event filters', () => {
  let folder: string;
  let host: Host;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-filters-'));
    await appWithFilters(folder);
    host = await startTestHost({ assemblyFolder: folder });
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const call = httpClient(() => host.httpUrl);

  it('shows the commits of every context, and no lag', async () => {
    await call('POST', '/ledger/filtered/credits', { amount: 2 });
    const { body: metric } = await call('POST', '/metrics', { name: 'Sign-ups 🚀' });
    const { body: dispense } = await call('POST', '/dispenses', {});
    for (const path of ['/ledger/filtered', `/metrics/${metric['id']}`, `/dispenses/${dispense['id']}`]) {
      await until(
        () => call('GET', path),
        ({ status }) => status === 200,
      );
    }
    const health = await until(
      async () => (await call('GET', '/health')).body as { projectors?: { behindMs: number }[] },
      ({ projectors = [] }) => projectors.every(({ behindMs }) => behindMs === 0),
    );
    expect(health.projectors).toHaveLength(aggregateNames.length);
  });
});

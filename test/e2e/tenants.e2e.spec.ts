import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Authentication } from '../../schema/authentication.ts';
import { unverifiedSignature } from '../../tools/host/aws-json.ts';
import type { Host } from '../../tools/host/host.ts';
import { synthesize } from '../../tools/host/template/synthesize.ts';
import { InsideHost } from '../support/inside-host.ts';
import { startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const issuer = 'https://issuer.test';
const authentication: Authentication = {
  kind: 'jwt',
  issuer,
  scopes: 'as-named',
  claims: { subject: 'sub', scopes: ['scope'], tenant: 'tenant', defaultTenant: 'default' },
};
const scope = ['ledger', 'metrics', 'dispense', 'todo']
  .flatMap((name) => [`${name}:read`, `${name}:write`])
  .concat('streams:read');
const tenants = ['default', 'acme', 'ledger'];

/** The synthesized app, but with tokens that name a tenant. */
async function appWithTokens(folder: string): Promise<void> {
  const source = await synthesize(join(import.meta.dirname, '../..'), () => undefined);
  await cp(source, folder, { recursive: true });
  const file = join(folder, 'streamfold-local.template.json');
  const template = await readFile(file, 'utf8');
  const [none, jwt] = [{ kind: 'none' }, authentication].map((each) => JSON.stringify(JSON.stringify(each)));
  if (none === undefined || !template.includes(none)) throw new Error('The app has another authentication.');
  await writeFile(
    file,
    template.replace(none, () => jwt ?? ''),
  );
}

describe('tenants on the local host', () => {
  let folder: string;
  let host: Host;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-tenants-'));
    await appWithTokens(folder);
    host = await startTestHost({ assemblyFolder: folder });
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const invoke = async (name: string, event: object) => {
    const response = await fetch(`${host.awsUrl}/2015-03-31/functions/streamfold-local-${name}/invocations`, {
      method: 'POST',
      headers: unverifiedSignature('lambda'),
      body: JSON.stringify(event),
    });
    return (await response.json()) as { statusCode: number; body?: string };
  };
  /** Calls the API as a worker of a tenant. A text is sent as a document. */
  const call = async (tenant: string, method: string, path: string, body?: object | string) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const claims = { iss: issuer, sub: 'worker', tenant, scope: scope.join(' ') };
    const result = await invoke('api', {
      version: '2.0',
      rawPath,
      rawQueryString,
      headers: { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' },
      body: typeof body === 'object' ? JSON.stringify(body) : body,
      requestContext: { http: { method }, authorizer: { jwt: { claims } } },
    });
    return { status: result.statusCode, body: JSON.parse(result.body || 'null') };
  };
  /** Waits until a resource has these fields. */
  const untilItHas = (tenant: string, path: string, fields: object) =>
    until(
      () => call(tenant, 'GET', path),
      ({ body }) => Object.entries(fields).every(([name, value]) => body?.[name] === value),
    );

  it('have accounts, lists and open work of their own, also with the same ids', async () => {
    for (const [index, tenant] of tenants.entries()) {
      const { body } = await call(tenant, 'POST', '/ledger/shared/credits', { amount: index + 1 });
      expect(body).toMatchObject({ id: 'shared', version: 2, balance: `${index + 1}.00` });
    }
    for (const [index, tenant] of tenants.entries()) {
      await untilItHas(tenant, '/ledger/shared', { balance: `${index + 1}.00`, id: 'shared' });
      const { items } = (await call(tenant, 'GET', '/ledger')).body;
      expect(items).toMatchObject([{ id: 'shared', balance: `${index + 1}.00` }]);
    }
    const inside = new InsideHost(host);
    for (const stream of ['ledger/shared', 'ledger/acme/shared', 'ledger/ledger/shared'])
      expect(await inside.query('EventLogTable', 'stream', stream)).toHaveLength(1);
    for (const path of ['/ledger/shared', '/ledger/shared/entries', '/streams/ledger/shared'])
      expect([path, (await call('nobody', 'GET', path)).status]).toEqual([path, 404]);
    expect((await call('acme', 'GET', '/streams/ledger/shared')).body.items).toHaveLength(2);
  });

  it('have their dispenses analyzed and their work listed', async () => {
    const { id } = (await call('acme', 'POST', '/dispenses', {})).body;
    await call('acme', 'PUT', `/dispenses/${id}/prescription`, 'Amoxicillin 500 mg capsule, 21 capsules');
    await untilItHas('acme', `/dispenses/${id}`, { state: 'ready' });
    const work = `/todos?subject=dispense/${id}`;
    const items = await until(
      async () =>
        (await call('acme', 'GET', work)).body.items as { id: string; status: string; kind: string }[],
      (found) => found.some(({ kind, status }) => kind === 'analyze-prescription' && status === 'closed'),
    );
    expect(items[0]).toMatchObject({ subject: `dispense/${id}` });
    for (const other of ['default', 'ledger']) {
      expect((await call(other, 'GET', work)).body.items).toEqual([]);
      expect(await call(other, 'GET', `/todos/${items[0]?.id}`)).toMatchObject({ status: 404 });
      expect(await call(other, 'GET', `/dispenses/${id}/prescription`)).toMatchObject({ status: 404 });
    }
  });

  it('have their due targets expired by one sweep', async () => {
    const ids = await Promise.all(
      tenants.map(async (tenant) => {
        const { id } = (await call(tenant, 'POST', '/metrics', { name: 'Orders' })).body;
        // Long enough for a slow machine to send the command before.
        const deadline = new Date(Date.now() + 3_000).toISOString();
        const answer = await call(tenant, 'POST', `/metrics/${id}/targets`, { value: 1, deadline });
        expect(answer).toMatchObject({ status: 200, body: { version: 2 } });
        return id as string;
      }),
    );
    // Every answer shows it as soon as the time has passed; the sweep records it.
    for (const [index, tenant] of tenants.entries())
      await untilItHas(tenant, `/metrics/${ids[index]}`, { status: 'expired' });
    await invoke('metrics-sweeper', {});
    for (const [index, tenant] of tenants.entries())
      await untilItHas(tenant, `/metrics/${ids[index]}`, { version: 3, status: 'expired' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unverifiedSignature } from '../../tools/host/aws-json.ts';
import { InsideHost } from '../support/inside-host.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const scopes = ['ledger', 'metrics', 'dispense', 'todo']
  .flatMap((name) => [`${name}:read`, `${name}:write`])
  .concat('streams:read');
const tenants = ['default', 'acme', 'ledger'];

interface Body extends Readonly<Record<string, unknown>> {
  readonly id?: string;
  readonly items?: readonly { readonly id: string; readonly kind: string; readonly status: string }[];
}

describe('tenants on the local host', () => {
  let host: TestHost;
  beforeAll(async () => {
    host = await startTestHost({ auth: true });
  }, 120_000);
  afterAll(() => host?.stop());

  const sweep = () =>
    fetch(`${host.awsUrl}/2015-03-31/functions/streamfold-local-metrics-sweeper/invocations`, {
      method: 'POST',
      headers: unverifiedSignature('lambda'),
      body: '{}',
    });
  /** Calls the API as a worker of a tenant. A text is sent as a document. */
  const call = async (tenant: string, method: string, path: string, body?: object | string) => {
    const token = host.issueToken?.({ subject: 'worker', tenant, scopes, minutes: 60 });
    const response = await fetch(`${host.httpUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  /** Waits until a resource has these fields. */
  const untilItHas = (tenant: string, path: string, fields: object) =>
    until(
      () => call(tenant, 'GET', path),
      ({ body }) => Object.entries(fields).every(([name, value]) => body[name] === value),
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
      async () => (await call('acme', 'GET', work)).body.items ?? [],
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
        return id;
      }),
    );
    // Every answer shows it as soon as the time has passed; the sweep records it.
    for (const [index, tenant] of tenants.entries())
      await untilItHas(tenant, `/metrics/${ids[index]}`, { status: 'expired' });
    await sweep();
    for (const [index, tenant] of tenants.entries())
      await untilItHas(tenant, `/metrics/${ids[index]}`, { version: 3, status: 'expired' });
  });
});

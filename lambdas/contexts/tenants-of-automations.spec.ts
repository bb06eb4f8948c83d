import { beforeEach, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { silentObserver } from '../kernel/index.ts';
import { MemoryBookmarks } from '../kernel/memory/index.ts';
import { encodeCommit } from '../messaging/published-commit.ts';
import { copiedCommit } from './copied-commits.fixture.ts';
import { analyzeAndRecord } from './dispense/automations/analysis/analyze-and-record.fixture.ts';
import { trustedReading } from './dispense/domain/dispense.fixture.ts';
import { sweepDueTargets } from './metrics/automations/sweep.ts';
import { allContexts } from './tenants.fixture.ts';

const tenants = ['default', 'acme', 'rival'];

let world: Awaited<ReturnType<typeof allContexts>>;
beforeEach(async () => {
  world = await allContexts();
});

/** Copies every commit of the default tenant to the others: the same ids in every tenant. */
async function copyToAll(): Promise<void> {
  for (const commit of [...world.log.commits]) {
    for (const tenant of tenants.slice(1)) {
      const eventIdOf = (id: string) => `${id}-of-${tenant}`;
      await world.log.append([await copiedCommit(commit, { tenant, keys: world.keys, eventIdOf })]);
    }
  }
  await world.project();
}

function portsOf(category: string) {
  const found = world.contexts.find((context) => context.category === category);
  if (found === undefined) throw new Error(`There is no context ${category}.`);
  return found;
}

it('one sweep expires the due targets of all tenants, also of metrics with the same id', async () => {
  const { body } = await world.as('default')('POST', '/metrics', { json: { name: 'Orders' } });
  const { id } = body as { id: string };
  const json = { value: 10, deadline: '2026-03-01T13:00:00.000Z' };
  await world.as('default')('POST', `/metrics/${id}/targets`, { json });
  await copyToAll();
  const { handler, readModel } = portsOf('metrics');
  const sweep = (now: string) =>
    sweepDueTargets(
      { handler, readModel, bookmarks: new MemoryBookmarks(), settled: new Set(), observer: silentObserver },
      now,
      () => true,
    );
  expect(await sweep('2026-03-01T12:59:59.000Z')).toEqual({ expired: 0, settled: 0, skipped: 0, failed: 0 });
  world.clock.now = '2026-03-01T13:30:00.000Z';
  expect(await sweep(world.clock.now)).toEqual({ expired: 3, settled: 0, skipped: 0, failed: 0 });
  expect(await sweep(world.clock.now)).toEqual({ expired: 0, settled: 3, skipped: 0, failed: 0 });
  await world.project();
  expect(await sweep(world.clock.now)).toEqual({ expired: 0, settled: 0, skipped: 0, failed: 0 });
  for (const tenant of tenants) {
    const answer = await world.as(tenant)('GET', `/streams/metrics/${id}`);
    const types = (answer.body as { items: { type: string }[] }).items.map(({ type }) => type);
    expect([tenant, types]).toEqual([tenant, ['Metric:Created', 'Metric:TargetSet', 'Metric:Expired']]);
  }
});

it('the analysis of an upload goes to the dispense of its tenant', async () => {
  const { body } = await world.as('default')('POST', '/dispenses');
  const { id } = body as { id: string };
  await world.as('default')('PUT', `/dispenses/${id}/prescription`, { body: 'Drug 1 mg tablet, 1' });
  await copyToAll();
  const upload = world.log.commits.find(
    ({ stream, events }) =>
      stream === `dispense/acme/${id}` && events[0]?.type === 'Dispense:PrescriptionUploaded',
  );
  if (upload === undefined) throw new Error('There is no upload.');
  const { handler } = portsOf('dispense');
  const document = { contentType: 'text/plain', bytes: Buffer.from('Drug') } as const;
  const dependencies = {
    log: world.log,
    documents: { keep: async () => undefined, get: async () => document },
    analyzer: { analyze: async () => trustedReading },
    handler,
    keys: world.keys,
    observer: silentObserver,
    now: () => world.clock.now,
  };
  const attributes = { ApproximateReceiveCount: '1' } as SQSRecord['attributes'];
  const record = { messageId: 'm', body: encodeCommit(upload), attributes } as SQSRecord;
  expect(await analyzeAndRecord([record, record], dependencies)).toMatchObject({
    analyzed: 2,
    unreadable: 0,
  });
  await world.project();
  for (const [tenant, state] of [
    ['default', 'analyzing'],
    ['acme', 'ready'],
    ['rival', 'analyzing'],
  ] as const) {
    expect((await world.as(tenant)('GET', `/dispenses/${id}`)).body).toMatchObject({ id, state });
  }
});

it('a transfer stays in its tenant', async () => {
  for (const id of ['a', 'b'])
    await world.as('default')('POST', `/ledger/${id}/credits`, { json: { amount: 10 } });
  await copyToAll();
  await world.as('default')('POST', '/ledger/only-default/credits', { json: { amount: 10 } });
  const transfer = (to: string) =>
    world.as('acme')('POST', '/ledger/a/transfers', { json: { to, amount: 4 } });
  expect(await transfer('only-default')).toMatchObject({ status: 404 });
  expect(await transfer('default/b')).toMatchObject({ status: 400 });
  expect(await transfer('a')).toMatchObject({ status: 400 });
  expect(await transfer('b')).toMatchObject({ status: 200, body: { id: 'a', balance: '6.00' } });
  const moved = world.log.commits.filter(({ events }) => events[0]?.type.startsWith('Ledger:Transfer'));
  expect(moved.map(({ stream }) => stream)).toEqual(['ledger/acme/a', 'ledger/acme/b']);
  expect(moved.map(({ events }) => events[0]?.data)).toEqual([
    expect.objectContaining({ to: 'b' }),
    expect.objectContaining({ from: 'a' }),
  ]);
  await world.project();
  const entries = await world.as('acme')('GET', '/ledger/a/entries');
  expect(entries.body).toMatchObject({ items: [{ kind: 'transfer-sent', counterparty: 'b' }, {}] });
});

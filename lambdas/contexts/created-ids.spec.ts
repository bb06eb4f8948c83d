import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { derivedId } from '../http/commands.ts';
import { commandIdOfKey, streamName, tenantKeyName } from '../kernel/index.ts';
import { commitAt } from '../kernel/testing/index.ts';
import { type DispenseUnderTest, dispenseUnderTest } from './dispense/dispense-under-test.fixture.ts';
import { at, started } from './dispense/domain/dispense.fixture.ts';
import { metricsUnderTest } from './metrics/metrics-under-test.fixture.ts';

/** A key that a caller made from a name. */
const key = 'Wilhelmine Quackenbush';
const headers = { 'idempotency-key': key };
/** How the release before derived the id. Everybody can. */
const guessed = (category: string) => derivedId('new aggregate', category, null, key);

let api: DispenseUnderTest;
beforeEach(() => {
  api = dispenseUnderTest();
});
const start = async () => await api.post('/dispenses', undefined, headers);
const idOf = ({ body }: Awaited<ReturnType<typeof start>>) => (body as { readonly id: string }).id;

/** The first commit of a dispense that the release before started with the key. `of`: whose key it was. */
async function startedBefore(
  of: string | undefined = undefined,
  idempotencyKey = key,
  commandKey = idempotencyKey,
) {
  const id = derivedId('new aggregate', 'dispense', of ?? null, idempotencyKey);
  const content = JSON.stringify(['dispense', [id], ['Start', {}]]);
  const { type, data } = started(at(-5));
  const commit = commitAt(streamName('dispense', id), 1, 1, {
    events: [{ id: 'e', type, schemaVersion: 1, data }],
    commandId: commandIdOfKey({ tenant: 'default', caller: of }, commandKey),
    commandHash: createHash('sha256').update(content).digest('base64url'),
    answer: '{"state":"pending"}',
    ...(of !== undefined && { actor: of }),
  });
  await api.log.append([commit]);
  return id;
}

describe('the id of a new dispense', () => {
  it('is the same for every retry, and cannot be found by a guess of the key', async () => {
    const first = await start();
    expect(first.status).toBe(201);
    expect(await start()).toMatchObject({ status: 201, body: first.body });
    expect(idOf(first)).not.toBe(guessed('dispense'));
    expect(await api.eventsOf(guessed('dispense'))).toEqual([]);
  });

  it('depends on the key of the tenant: whoever has another key derives another id', async () => {
    const first = await start();
    api.keys.destroy(tenantKeyName('default'));
    expect(idOf(await start())).not.toBe(idOf(first));
  });

  it('is not needed without a key, so no key is created', async () => {
    await api.post('/dispenses');
    expect(api.keys.calls.filter((call) => call.includes('Tenant'))).toEqual([]);
  });

  it('cannot be derived while the keys cannot be read: nothing is written', async () => {
    api.keys.outage = Object.assign(new Error('Too slow.'), { name: 'TimeoutError' });
    expect(await start()).toMatchObject({ status: 503 });
    api.keys.outage = undefined;
    expect((await api.get('/dispenses', '', {})).body).toMatchObject({ items: [] });
    expect(await start()).toMatchObject({ status: 201 });
  });
});

describe('a dispense that the release before started', () => {
  it('is met by a retry with the same key', async () => {
    const id = await startedBefore();
    expect(id).toBe(guessed('dispense'));
    expect(await start()).toMatchObject({
      status: 201,
      headers: { 'idempotency-replayed': 'true', location: `/dispenses/${id}` },
      body: { id, version: 1, state: 'pending' },
    });
    expect(await api.eventsOf(id)).toHaveLength(1);
  });

  it.each([
    ['another key', undefined, 'other'],
    ['the key of another caller', 'alice', key],
  ])('is not met with %s', async (_what, of, itsKey) => {
    const id = await startedBefore(of, itsKey);
    const first = await start();
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(idOf(first)).not.toBe(id);
  });
});

it('a dispense with the earlier id that another command started is not met', async () => {
  const id = await startedBefore(undefined, key, 'another');
  const first = await start();
  expect(first).toMatchObject({ status: 201 });
  expect(idOf(first)).not.toBe(id);
});

it('the id of a metric, which has no personal data, is derived as before, without keys', async () => {
  const metrics = metricsUnderTest();
  const { body } = await metrics.post('/metrics', { name: 'Orders' }, headers);
  expect((body as { readonly id: string }).id).toBe(guessed('metrics'));
  expect(metrics.keys.calls).toEqual([]);
});

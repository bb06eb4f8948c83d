import { describe, expect, it } from '@jest/globals';
import { v5 as uuidv5 } from 'uuid';
import type { TestApi } from '../http/testing.ts';
import { commandIdOfReaction, type EventLog, type StreamName } from '../kernel/index.ts';
import { analyze, sweep } from './automations-under-test.fixture.ts';
import { dispenseUnderTest } from './dispense/dispense-under-test.fixture.ts';
import { patient } from './dispense/domain/dispense.fixture.ts';
import { at } from './metrics/domain/metrics.fixture.ts';
import { metricsUnderTest } from './metrics/metrics-under-test.fixture.ts';

const actors = [undefined, 'alice', 'metrics-sweeper', 'prescription-analyzer'];

/** Keys that a caller can send and that could be taken for the id of the automation's command, by their names. */
const keys: Readonly<Record<string, (automation: string, eventId: string, namespace: string) => string>> = {
  'the id of the release before': (_, eventId, namespace) => uuidv5(eventId, namespace),
  'the id without its first character': (automation, eventId) =>
    commandIdOfReaction(automation, eventId).slice(1),
  'the id of the event': (_, eventId) => eventId,
  'what is hashed': (automation, eventId) => JSON.stringify(['reaction', automation, eventId]),
};

const table = Object.keys(keys).flatMap((name) => actors.map((actor) => [name, actor] as const));

async function lastEventId(log: EventLog, stream: StreamName): Promise<string> {
  return (await Array.fromAsync(log.read(stream))).flat().at(-1)?.events.at(-1)?.id ?? '';
}

function post(call: TestApi, path: string, json: object, key: string | undefined, actor: string | undefined) {
  const headers = { 'idempotency-key': key ?? '' };
  return call('POST', path, { json, headers, ...(actor !== undefined && { actor }) });
}

const carriedOut = { status: 200, headers: expect.not.objectContaining({ 'idempotency-replayed': 'true' }) };

describe('a key that looks like the id of the sweep’s command', () => {
  async function dueMetric(name: string) {
    const api = metricsUnderTest();
    await api.send('m', { type: 'Create', name: 'm', now: at(0) });
    await api.send('m', { type: 'SetTarget', value: 100, deadline: at(60), now: at(10) });
    await api.project('m');
    const eventId = await lastEventId(api.log, 'metrics/m');
    const key = keys[name]?.('metrics-sweeper', eventId, '1c5b0a52-7a0e-4f0e-8d0a-9d3f3d1b6c11');
    return { ...api, key };
  }

  it.each(table)('(%s, of %s) does not stop the expiry', async (name, actor) => {
    const api = await dueMetric(name);
    expect(await post(api.call, '/metrics/m/values', { value: 1 }, api.key, actor)).toMatchObject(carriedOut);
    expect(await sweep(api, at(61))).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
  });

  it.each(table)('(%s, of %s) is not used up by the expiry', async (name, actor) => {
    const api = await dueMetric(name);
    await sweep(api, at(61));
    expect(await post(api.call, '/metrics/m/values', { value: 1 }, api.key, actor)).toMatchObject(carriedOut);
    expect(await sweep(api, at(62))).toEqual({ expired: 0, settled: 1, skipped: 0, failed: 0 });
    expect((await api.eventsOf('m')).filter(([type]) => type === 'Metric:Expired')).toHaveLength(1);
  });
});

describe('a key that looks like the id of the analyzer’s command', () => {
  async function uploaded(name: string) {
    const api = dispenseUnderTest();
    const id = await api.start();
    await api.upload(id, Buffer.from('Drug 1 mg'));
    const eventId = await lastEventId(api.log, `dispense/${id}`);
    const key = keys[name]?.('prescription-analyzer', eventId, '7f1c9f0e-5a2b-4c55-9d1c-0f6a4f2f6b3d');
    return { api, id, key };
  }
  const done = { analyzed: 1, unreadable: 0, response: { batchItemFailures: [] } };

  it.each(table)('(%s, of %s) does not make its command fail', async (name, actor) => {
    const { api, id, key } = await uploaded(name);
    // The only command that a dispense accepts in the meantime.
    const cancelled = await post(api.call, `/dispenses/${id}/cancel`, { reason: 'Mistake' }, key, actor);
    expect(cancelled).toMatchObject(carriedOut);
    expect(await analyze(api, id)).toMatchObject(done);
  });

  it.each(table)('(%s, of %s) is not used up by its command', async (name, actor) => {
    const { api, id, key } = await uploaded(name);
    expect(await analyze(api, id)).toMatchObject(done);
    const added = await post(api.call, `/dispenses/${id}/patient`, patient, key, actor);
    expect(added).toMatchObject(carriedOut);
    expect(await analyze(api, id)).toMatchObject(done);
    expect(await api.eventsOf(id)).toHaveLength(4);
  });
});

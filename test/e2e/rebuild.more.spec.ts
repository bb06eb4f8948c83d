import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contextNames } from '../../schema/contexts.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { Persons } from '../support/persons.ts';
import { type Ask, askRebuilder, rebuild, removeGivenUp, sumOf } from '../support/rebuild.ts';
import { appThatSettlesIn } from '../support/settling-app.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

describe('rebuilding read models on a running host', () => {
  let host: TestHost;
  let folder: string;
  let inside: InsideHost;
  let ask: Ask;
  const call = httpClient(() => host.httpUrl);
  const accounts = Array.from({ length: 30 }, () => randomUUID());

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-rebuild-'));
    await appThatSettlesIn(4, folder);
    host = await startTestHost({ assemblyFolder: folder });
    inside = new InsideHost(host);
    ask = askRebuilder(inside);
    for (const id of accounts) await credit(id, 3);
    const metric = String((await call('POST', '/metrics', { name: 'Rebuilt' })).body['id']);
    await call('POST', `/metrics/${metric}/targets`, { value: 100 });
    await call('POST', `/metrics/${metric}/values`, [{ value: 1 }, { value: 2 }]);
    const { body: dispense } = await call('POST', '/dispenses', {});
    const patient = { name: 'Jane Sample', birthDate: '1980-02-29', identifier: randomUUID() };
    await call('POST', `/dispenses/${dispense['id']}/patient`, patient);
    const person = await new Persons(call).found(patient.identifier);
    await call('POST', `/persons/${person}/hold`);
    await until(
      () => call('GET', `/todos?status=open`),
      ({ body }) => (body['items'] as unknown[]).length > 0,
    );
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const credit = async (id: string, times: number) => {
    for (let time = 0; time < times; time += 1) await call('POST', `/ledger/${id}/credits`, { amount: 5 });
  };
  /** What the read model answers of an account. */
  const account = async (id: string) => {
    const { body } = await call('GET', `/ledger/${id}`);
    const { body: statement } = await call('GET', `/ledger/${id}/entries?limit=100`);
    return { ...body, statement };
  };

  it('gives the same answers from the new generation, with what is committed meanwhile', async () => {
    const opened: string[] = [];
    const meanwhile = async () => {
      const id = randomUUID();
      opened.push(id);
      await credit(id, 2);
      await credit(accounts[0] ?? '', 1);
    };
    const { generation, folded, compared } = await rebuild(ask, 'ledger', { meanwhile });
    expect(generation).toBe('g2');
    expect(sumOf(folded, 'streams')).toBe(accounts.length);
    expect(sumOf(folded, 'events')).toBe(accounts.length * 4);
    expect(sumOf(compared, 'rows')).toBeGreaterThanOrEqual(accounts.length + 1);
    for (const { differences, parked } of compared)
      expect({ differences, parked }).toEqual({ differences: {}, parked: 0 });
    const all = [...accounts, ...opened];
    const before = await Promise.all(all.map(account));
    await ask({ action: 'switch', readModel: 'ledger', generation });
    // Queries follow within two seconds. Until then they answer from the old generation, which is the same.
    await until(
      async () => (await ask<readonly { active: string }[]>({ action: 'status' }))[0],
      (status) => status?.active === generation,
    );
    await until(
      async () => inside.query('LedgerReadModel', 'pk', `${generation}#${opened[1]}`),
      (items) => items.length > 0,
    );
    expect(await Promise.all(all.map(account))).toEqual(before);
    await credit(accounts[1] ?? '', 1);
    await until(
      () => call('GET', `/ledger/${accounts[1]}`),
      ({ body }) => body['version'] === 5,
    );
    await ask({ action: 'undo', readModel: 'ledger' });
    expect(await account(accounts[1] ?? '')).toMatchObject({ version: 5 });
  }, 120_000);

  it('deletes everything of a generation that was dropped, and nothing else', async () => {
    await ask({ action: 'drop', readModel: 'ledger' });
    const removed = await removeGivenUp(ask, 'ledger');
    expect(sumOf(removed, 'rows')).toBe(accounts.length + 2);
    expect(await inside.query('LedgerReadModel', 'pk', `g2#${accounts[2]}`)).toEqual([]);
    expect(await inside.query('LedgerReadModel', 'pk', `g1#${accounts[2]}`)).toHaveLength(4);
    expect((await ask<readonly object[]>({ action: 'status' }))[0]).toMatchObject({
      active: 'g1',
      removing: [],
    });
  }, 60_000);

  it('builds every read model, TODO included', async () => {
    const todos = async () => (await call('GET', '/todos?status=open')).body['items'];
    const before = await todos();
    for (const readModel of contextNames) {
      const { compared, generation } = await rebuild(ask, readModel);
      expect([readModel, ...compared.map(({ differences }) => differences)]).toEqual([readModel, {}, {}, {}]);
      expect(sumOf(compared, 'rows')).toBeGreaterThan(0);
      await ask({ action: 'switch', readModel, generation });
    }
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await todos()).toEqual(before);
  }, 120_000);

  it('refuses what is wrong with a sentence, and changes nothing', async () => {
    const before = await ask({ action: 'status' });
    const requests: [object, RegExp][] = [
      [{ action: 'begin', readModel: 'sales', segments: 1 }, new RegExp(contextNames.join(', '))],
      [{ action: 'begin', readModel: 'ledger', segments: 65 }, /1 to 64/],
      [{ action: 'fold', readModel: 'ledger', generation: 'g9', segment: 0 }, /not being built/],
      [{ action: 'fold', readModel: 'ledger', generation: 'x', segment: 0 }, /such as "g2"/],
      [{ action: 'switch', readModel: 'ledger' }, /there is none to switch to/],
      [{ action: 'remove', readModel: 'ledger', generation: 'g1', segment: 0 }, /not given up/],
      [{ action: 'explode' }, /no action/],
      [{ action: 'status', all: true }, /no field "all"/],
    ];
    for (const [request, sentence] of requests) {
      const { refused } = (await inside.invoke('rebuilder', request)) as { refused: string };
      expect(refused).toMatch(sentence);
    }
    expect(await ask({ action: 'status' })).toEqual(before);
  });
});

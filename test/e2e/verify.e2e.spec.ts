import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ForgetReport,
  type RepairReport,
  rebuilderName,
  type VerifierReport,
  verifierName,
} from '../../schema/projections.ts';
import { damage, storedItems } from '../support/damage.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

describe('verifying and repairing on a running host', () => {
  let host: TestHost;
  let inside: InsideHost;
  const lines: string[] = [];
  const call = httpClient(() => host.httpUrl);
  const create = async (path: string, json: object) => String((await call('POST', path, json)).body['id']);
  const verify = (request: object) => inside.invoke(verifierName, request) as Promise<VerifierReport>;
  const repair = (stream: string) =>
    inside.invoke(rebuilderName, { action: 'repair', stream }) as Promise<RepairReport>;

  let account: string;
  let others: readonly string[];
  beforeAll(async () => {
    host = await startTestHost({
      onFunctionLog: (name, line) => name.includes('verifier') && lines.push(line),
    });
    inside = new InsideHost(host);
    account = await create('/ledger', { currency: 'USD', overdraftLimit: 1_000 });
    others = [await create('/metrics', { name: 'Weight' }), await create('/dispenses', {})];
    await call('POST', `/ledger/${account}/debits`, { amount: 10 });
    await until(
      () => storedItems(inside, 'todo', `ledger/${account}`),
      (items) => items.length === 2,
    );
    for (const [index, name] of (['metrics', 'dispense'] as const).entries()) {
      await until(
        () => storedItems(inside, name, others[index] ?? ''),
        (items) => items.length > 0,
      );
    }
    await until(
      () => storedItems(inside, 'ledger', account),
      (items) => items.some(({ version }) => version?.N === '2'),
    );
  }, 90_000);
  afterAll(() => host?.stop());

  it('finds no difference in what the projectors wrote', async () => {
    const report = await verify({ sample: 'all' });
    expect(report).toMatchObject({ differing: 0, behind: 0, parked: 0, skipped: 0 });
    // Three rows, and the TODO rows of their streams.
    expect(report.streams).toBe(6);
    expect(await verify({})).toMatchObject({ differing: 0, streams: 6 });
  });

  it('names the streams and fields that were changed by hand, and mends them while commands go on', async () => {
    await damage(inside, 'ledger', {
      id: account,
      part: /^row$/,
      fields: { balance: 999, status: 'closed' },
    });
    await damage(inside, 'ledger', { id: account, part: /^line#0/, fields: { amount: 7 } });
    await damage(inside, 'todo', { id: `ledger/${account}`, part: /^line#/, fields: { status: 'closed' } });
    const stream = `ledger/${account}`;
    const { differences } = await verify({ sample: 'all' });
    expect(differences).toEqual([
      { readModel: 'ledger', generation: 'g1', stream, fields: ['balance', 'status'], lines: 2 },
      { readModel: 'todo', generation: 'g1', stream, fields: [], lines: 2 },
    ]);
    // Log lines may arrive after the answer.
    const warned = await until(
      async () => lines.filter((line) => line.includes('A row differs from the log')),
      (found) => found.length >= 2,
    );
    expect(warned).toHaveLength(2);
    expect(warned.join('')).toContain(stream);
    expect(warned.join('')).not.toContain('999');

    const credits = Array.from({ length: 10 }, () =>
      call('POST', `/ledger/${account}/credits`, { amount: 1 }),
    );
    expect(await repair(stream)).toMatchObject({
      settleMs: 92_000,
      generations: [
        { readModel: 'ledger', generation: 'g1' },
        { readModel: 'todo', generation: 'g1' },
      ],
    });
    await Promise.all(credits);
    await until(
      () => call('GET', `/ledger/${account}`),
      ({ body }) => body['version'] === 12,
    );
    expect((await call('GET', `/ledger/${account}`)).body).toMatchObject({ balance: '0.00', status: 'open' });
    // A projector that had loaded the damaged row may have written lines after the repair. So the repair is repeated, as its command does.
    await until(
      async () => {
        await repair(stream);
        return verify({ sample: 'all' });
      },
      ({ differing }) => differing === 0,
    );
  });

  it('answers a sentence to what it cannot do', async () => {
    expect(await verify({ readModel: 'accounts' })).toEqual({
      refused: expect.stringContaining('"readModel"'),
    });
    expect(await repair('ledger/none')).toEqual({ refused: expect.stringContaining('There is no stream') });
    expect(await repair('ledger')).toEqual({ refused: expect.stringContaining('not the name of a stream') });
    expect(await inside.invoke(rebuilderName, { action: 'forget', cursor: 'x' })).toEqual({
      refused: expect.stringContaining('"cursor"'),
    });
  });

  it('forgets snapshots, and commands go on', async () => {
    const id = await create('/metrics', { name: 'Long' });
    await call(
      'POST',
      `/metrics/${id}/values`,
      Array.from({ length: 100 }, (_, value) => ({ value })),
    );
    expect(await inside.query('Snapshots', 'stream', `metrics/${id}`)).toHaveLength(1);
    const report = (await inside.invoke(rebuilderName, { action: 'forget' })) as ForgetReport;
    expect(report).toEqual({ snapshots: 1, segments: 0 });
    expect(await inside.query('Snapshots', 'stream', `metrics/${id}`)).toEqual([]);
    expect(await call('POST', `/metrics/${id}/values`, { value: 1 })).toMatchObject({ status: 200 });
  });
});

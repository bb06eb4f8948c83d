import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { httpClient } from '../support/http-client.ts';
import { InsideHost, type Item } from '../support/inside-host.ts';
import { startNode } from '../support/node-process.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

describe('a commit that somebody overwrites by hand', () => {
  let folder: string;
  let host: TestHost;
  const lines: { readonly functionName: string; readonly line: string }[] = [];
  const start = () =>
    startTestHost({
      persistFolder: folder,
      onFunctionLog: (functionName, line) => lines.push({ functionName, line }),
    });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'streamfold-tampered-'));
    host = await start();
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const call = httpClient(() => host.httpUrl);
  const credit = (id: string, amount: number) => call('POST', `/ledger/${id}/credits`, { amount });
  const linesOf = (name: string, text: string) =>
    lines.filter(({ functionName, line }) => functionName.endsWith(`-${name}`) && line.includes(text));
  /** Waits until a function has sent the metric of its alarm this number of times. */
  const hasCounted = (name: string, times: number) =>
    until(
      () => linesOf(name, '"LogChanged":1').length,
      (count) => count === times,
    );
  const verified = async () => {
    const check = startNode(['tools/projections/main.ts', 'verify-log', '--endpoint', host.awsUrl]);
    return { code: await check.exitCode, output: check.output() };
  };

  it('is found by the alarm, by verify-log, and by whoever reads it next', async () => {
    const [id, other] = ['tampered', 'sound'];
    for (const amount of [1, 2, 3]) await credit(id, amount);
    await credit(other, 5);
    expect(await verified()).toMatchObject({
      code: 0,
      output: expect.stringContaining('4 commits of 2 streams'),
    });
    await until(
      () => call('GET', `/ledger/${id}`),
      ({ body }) => body['version'] === 4,
    );

    const inside = new InsideHost(host);
    const commits = await inside.query('EventLogTable', 'stream', `ledger/${id}`);
    const second = commits[1] as Item;
    const text = second['events']?.S ?? '';
    const events = { S: text.replace('"amount":200', '"amount":900') };
    expect(events.S).not.toBe(text);
    await inside.put('EventLogTable', { ...second, events });

    await hasCounted('publisher', 1);
    expect(linesOf('publisher', `"stream":"ledger/${id}","version":3,"eventName":"MODIFY"`)).toHaveLength(1);
    expect(await verified()).toEqual({
      code: 1,
      output: expect.stringContaining(`BROKEN ledger/${id} at version 3: The content of the commit`),
    });

    for (const path of [`/streams/ledger/${id}`, `/ledger/${id}?version=4`]) {
      const { status, body } = await call('GET', path);
      expect({ path, status, type: body['type'] }).toEqual({
        path,
        status: 500,
        type: 'urn:streamfold:problem:log-changed',
      });
    }
    await hasCounted('api', 2);
    // What consumers received before stays.
    expect((await call('GET', `/ledger/${id}`)).body).toMatchObject({ version: 4, balance: '6.00' });

    // A new process has no state in memory.
    await host.stop();
    host = await start();
    const refused = await credit(id, 4);
    expect(refused).toMatchObject({ status: 500, body: { type: 'urn:streamfold:problem:log-changed' } });
    expect(JSON.stringify(refused.body)).not.toMatch(/hash|version 3/);
    await hasCounted('api', 3);
    expect(await new InsideHost(host).query('EventLogTable', 'stream', `ledger/${id}`)).toHaveLength(3);
    expect(await credit(other, 5)).toMatchObject({ status: 200 });

    await new InsideHost(host).put('EventLogTable', second);
    expect(await verified()).toMatchObject({ code: 0 });
    expect(await credit(id, 4)).toMatchObject({ status: 200, body: { version: 5, balance: '10.00' } });
  }, 120_000);

  it('verify-log says what it could not do', async () => {
    const check = startNode([
      'tools/projections/main.ts',
      'verify-log',
      '--stage',
      'x',
      '--endpoint',
      host.awsUrl,
    ]);
    expect(await check.exitCode).toBe(2);
  });
});

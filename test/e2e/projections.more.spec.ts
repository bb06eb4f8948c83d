import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadModelStatus } from '../../schema/projections.ts';
import { synthesize } from '../../tools/host/template/synthesize.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { type NodeProcess, startNode } from '../support/node-process.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

/** How long the rebuilder waits for the projectors. On a stage it is longer than their timeout. */
const generationSettleSeconds = 3;
const accounts = Array.from({ length: 30 }, (_, index) => `account-${index}`);

let host: TestHost;
beforeAll(async () => {
  const root = join(import.meta.dirname, '../..');
  const assemblyFolder = await synthesize(root, { settings: { generationSettleSeconds } });
  host = await startTestHost({ assemblyFolder });
}, 120_000);
afterAll(() => host?.stop());

const call = httpClient(() => host.httpUrl);
const credit = (id: string, amount: number) => call('POST', `/ledger/${id}/credits`, { amount });

const start = (...args: readonly string[]) =>
  startNode(['tools/projections/main.ts', ...args, '--endpoint', host.awsUrl, '--json']);

/** Runs a command to its end. The report is the last line that it prints. */
async function run(...args: readonly string[]) {
  const command = start(...args);
  const code = await command.exitCode;
  const output = command.output();
  const [last] = output.trimEnd().split('\n').slice(-1);
  return { code, output, report: last?.startsWith('{') ? JSON.parse(last) : undefined };
}

/** As the function answers it: a process for each question would take a second. */
async function statusOf(readModel: string): Promise<ReadModelStatus> {
  const all = (await new InsideHost(host).invoke('rebuilder', { action: 'status' })) as ReadModelStatus[];
  return all.find((status) => status.readModel === readModel) as ReadModelStatus;
}

/** Reads and writes all the time, until `stop`, and notes every answer that a user would call wrong. */
function watch() {
  const wrong: string[] = [];
  let [reads, isOver] = [0, false];
  const repeat = async (work: () => Promise<unknown>) => {
    while (!isOver) {
      await work();
      reads += 1;
    }
  };
  const expectThat = (isRight: boolean, what: string) => void (isRight || wrong.push(what));
  const running = [
    repeat(async () => {
      const id = accounts[reads % accounts.length];
      const { status, body } = await call('GET', `/ledger/${id}`);
      expectThat(status === 200 && body['version'] === 4, `${id}: ${status}, version ${body['version']}`);
      const { body: statement } = await call('GET', `/ledger/${id}/entries`);
      expectThat(
        (statement['items'] as unknown[])?.length === 3,
        `${id}: entries ${JSON.stringify(statement)}`,
      );
    }),
    repeat(async () => {
      const { status, body } = await call('GET', '/ledger?limit=100');
      const count = (body['items'] as unknown[])?.length;
      expectThat(status === 200 && count >= accounts.length, `the list: ${status}, ${count} accounts`);
    }),
    repeat(async () => {
      const { status, body } = await credit('busy', 1);
      const read = await call('GET', '/ledger/busy', undefined, { 'cache-control': 'no-cache' });
      const isNewest = Number(read.body['version']) >= Number(body['version']);
      expectThat(status < 300 && read.status === 200 && isNewest, `busy: ${status}, ${read.status}`);
    }),
  ];
  return async () => {
    isOver = true;
    await Promise.all(running);
    return { wrong, reads };
  };
}

/** Starts a rebuild and kills it after it has folded this number of parts of the log. */
async function killWhileFolding(parts: number): Promise<NodeProcess> {
  const command = start('rebuild', 'ledger', '--segments', '32', '--concurrency', '1');
  await until(
    () => statusOf('ledger'),
    ({ building }) => (building?.progress.filter(({ done }) => done).length ?? 0) >= parts,
    40_000,
  );
  await command.end('SIGKILL');
  return command;
}

describe('the read model of the ledger', () => {
  it('is rebuilt while people use it, by a command that is killed twice', async () => {
    await Promise.all(
      accounts.map(async (id) => {
        for (const amount of [1, 2, 3]) await credit(id, amount);
      }),
    );
    await until(
      () => Promise.all(accounts.map((id) => call('GET', `/ledger/${id}`))),
      (replies) => replies.every(({ body }) => body['version'] === 4),
    );
    const stop = watch();

    await killWhileFolding(1);
    const killed = await statusOf('ledger');
    expect(killed).toMatchObject({ active: 'g1', building: { generation: 'g2', phase: 'folding' } });
    expect(await run('switch', 'ledger')).toMatchObject({ code: 1 });
    const second = await killWhileFolding(8);
    expect((await statusOf('ledger')).building).toMatchObject({ generation: 'g2', phase: 'folding' });
    expect(second.output()).toContain(`A rebuild of ledger into g2 began at ${killed.building?.startedAt}.`);

    const third = start('rebuild', 'ledger');
    const [rebuilt, refused] = await Promise.all([
      third.exitCode,
      until(third.output, (output) => output.includes('It is resumed'), 40_000).then(() =>
        run('rebuild', 'ledger'),
      ),
    ]);
    expect({ code: rebuilt, output: third.output() }).toMatchObject({
      code: 0,
      output: expect.stringMatching(/"generation":"g2","before":"g1","resumed":true,"switched":true/),
    });
    expect(third.output()).toContain('"differences":{}');
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('Another command works on') });

    expect(await run('verify', 'ledger')).toMatchObject({
      code: 0,
      report: { verified: [{ readModel: 'ledger', differing: 0 }] },
    });
    for (const [active, previous] of [
      ['g1', 'g2'],
      ['g2', 'g1'],
    ]) {
      expect(await run('undo', 'ledger')).toMatchObject({ code: 0, report: { active, previous } });
    }
    const dropped = await run('drop', 'ledger');
    expect(dropped).toMatchObject({ code: 0, report: { removed: [{ generation: 'g1' }] } });
    expect(dropped.report.removed[0].rows).toBeGreaterThan(accounts.length);
    expect(await statusOf('ledger')).toMatchObject({ active: 'g2', removing: [], parked: 0 });

    const { wrong, reads } = await stop();
    expect(wrong).toEqual([]);
    expect(reads).toBeGreaterThan(100);
  }, 180_000);

  it('has a row that was damaged by hand: verify names stream and field, and repair mends it', async () => {
    const inside = new InsideHost(host);
    const { active } = await statusOf('ledger');
    const [row] = (await inside.query('LedgerReadModel', 'pk', `${active}#account-7`)).filter(
      ({ sk }) => sk?.S === 'row',
    );
    const [name, text] = Object.entries(row ?? {}).find(([, value]) => value.S?.includes('"balance"')) ?? [];
    const damaged = text?.S?.replace(/"balance":\d+/, '"balance":1234567');
    expect(damaged).not.toBe(text?.S);
    await inside.put('LedgerReadModel', { ...row, [name as string]: { S: damaged as string } });

    const found = await run('verify', 'ledger');
    expect(found).toMatchObject({
      code: 1,
      report: {
        verified: [{ differing: 1, differences: [{ stream: 'ledger/account-7', fields: ['balance'] }] }],
      },
    });
    expect(found.output).not.toContain('1234567');
    const mended = await run('repair', 'ledger/account-7');
    // The command has waited for projectors that may have loaded the damaged row, and then found nothing any more.
    expect(mended).toMatchObject({
      code: 0,
      report: { settled: true, repetitions: [{ stream: 'ledger/account-7' }] },
    });
    expect(mended.report.generations).toContainEqual(
      expect.objectContaining({ readModel: 'ledger', generation: active, fields: ['balance'] }),
    );
    expect((await call('GET', '/ledger/account-7')).body).toMatchObject({ version: 4, balance: '6.00' });
    expect(await run('verify', 'ledger')).toMatchObject({ code: 0 });
    expect(await run('redrive', 'ledger')).toMatchObject({
      code: 0,
      report: { redriven: [{ consumer: 'ledger', released: 0, parked: 0 }] },
    });
  }, 60_000);

  it('is not touched by what cannot be done', async () => {
    const before = await statusOf('ledger');
    const refusals = [
      ['There is no "ledgr" to rebuild. The names are ledger,', 'rebuild', 'ledgr'],
      ['No generation is being built', 'switch', 'ledger'],
      ['There is no generation before the active one to undo.', 'undo', 'ledger'],
      ['nobody', 'repair', 'nobody/1'],
      ['There is no generation before the active one to drop.', 'drop', 'ledger'],
      ['No generation is being built', 'discard', 'ledger'],
    ] as const;
    await Promise.all(
      refusals.map(async ([sentence, ...args]) => {
        const { code, output } = await run(...args);
        expect({ args, code, output }).toEqual({ args, code: 1, output: expect.stringContaining(sentence) });
      }),
    );
    expect(await run('status', '--stage', 'x')).toMatchObject({ code: 2 });
    expect(await run('status')).toMatchObject({
      code: 0,
      report: { readModels: expect.arrayContaining([before]) },
    });
    expect(await statusOf('ledger')).toEqual(before);
  }, 60_000);
});

it('the TODO model is rebuilt with its open and closed items, and no item is opened again', async () => {
  const upload = async (id: string) =>
    fetch(`${host.httpUrl}/dispenses/${id}/prescription`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain' },
      body: 'Amoxicillin 500 mg capsule, 21, take one three times daily for 7 days',
    });
  const ids = await Promise.all(
    [1, 2].map(async () => String((await call('POST', '/dispenses')).body['id'])),
  );
  await upload(ids[0] as string);
  const items = async () => ({
    all: (await call('GET', '/todos?limit=100')).body['items'],
    summary: (await call('GET', '/todos/summary')).body,
  });
  const [ready] = ids;
  await until(
    () => call('GET', `/dispenses/${ready}`),
    ({ body }) => body['state'] === 'ready',
  );
  // A list is complete when nothing of it changes any more: the projector of the TODO queue is late.
  let before = await items();
  await until(items, (now) => {
    const isSame = JSON.stringify(now) === JSON.stringify(before);
    before = now;
    return isSame && (now.all as unknown[]).length > 1;
  });
  expect(await run('rebuild', 'todo')).toMatchObject({
    code: 0,
    report: {
      rebuilt: [{ readModel: 'todo', generation: 'g2', switched: true, compared: { differences: {} } }],
    },
  });
  const { active } = await statusOf('todo');
  expect(active).toBe('g2');
  expect(await items()).toEqual(before);
}, 60_000);

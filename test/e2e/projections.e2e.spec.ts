import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadModelStatus } from '../../schema/projections.ts';
import { synthesize } from '../../tools/host/template/synthesize.ts';
import { httpClient } from '../support/http-client.ts';
import { type NodeProcess, startNode } from '../support/node-process.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

/** How long the rebuilder waits for the projectors. On a stage it is longer than their timeout. */
const generationSettleSeconds = 3;
const accounts = Array.from({ length: 30 }, (_, index) => `account-${index}`);

let host: TestHost;
beforeAll(async () => {
  const root = join(import.meta.dirname, '../..');
  const assemblyFolder = await synthesize(root, () => undefined, { generationSettleSeconds });
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

async function statusOf(readModel: string): Promise<ReadModelStatus> {
  const { report } = await run('status');
  return report.readModels.find((status: ReadModelStatus) => status.readModel === readModel);
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
  const command = start('rebuild', 'ledger', '--segments', '64', '--concurrency', '1');
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
    expect(second.output()).toContain(`A rebuild of ledger into g2 began at ${killed.building?.startedAt}.`);

    const third = start('rebuild', 'ledger');
    const [rebuilt, refused] = await Promise.all([
      third.exitCode,
      until(third.output, (output) => output.includes('It is resumed')).then(() => run('rebuild', 'ledger')),
    ]);
    expect({ code: rebuilt, output: third.output() }).toMatchObject({
      code: 0,
      output: expect.stringMatching(/"generation":"g2","before":"g1","resumed":true,"switched":true/),
    });
    expect(third.output()).toContain('"differences":{}');
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('Another command works on') });

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

  it('is not touched by what cannot be done', async () => {
    const before = await statusOf('ledger');
    for (const [sentence, ...args] of [
      ['There is no "ledgr" to rebuild. The names are ledger,', 'rebuild', 'ledgr'],
      ['No generation is being built', 'switch', 'ledger'],
      ['There is no generation before the active one to undo.', 'undo', 'ledger'],
      ['There is no generation before the active one to drop.', 'drop', 'ledger'],
      ['No generation is being built', 'discard', 'ledger'],
    ] as const) {
      const { code, output } = await run(...args);
      expect({ args, code, output }).toEqual({ args, code: 1, output: expect.stringContaining(sentence) });
    }
    expect(await run('status', '--stage', 'x')).toMatchObject({ code: 2 });
    expect(await statusOf('ledger')).toEqual(before);
  }, 60_000);
});

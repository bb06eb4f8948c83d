import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { freePort } from '../../tools/host/engines/free-port.ts';
import { httpClient } from '../support/http-client.ts';
import { type NodeProcess, startNode } from '../support/node-process.ts';
import { until } from '../support/until.ts';

const startDeadlineMs = 60_000;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs one of the project's commands. */
function run(...args: readonly string[]): NodeProcess {
  const started = startNode(args);
  cleanups.push(() => started.end('SIGKILL'));
  return started;
}

it('a host that is killed during traffic keeps every acknowledged command once, and catches up after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-crash-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const [http, aws] = [await freePort(), await freePort()];
  const url = `http://localhost:${http}`;
  const call = httpClient(() => url);
  const startHost = async () => {
    const host = run('tools/host/main.ts', '--persist', folder, '--http', String(http), '--aws', String(aws));
    const isReady = () =>
      call('GET', '/health').then(
        ({ status }) => status === 200,
        () => false,
      );
    await until(isReady, (ready) => ready, startDeadlineMs);
    return host;
  };
  const accounts = () =>
    call('GET', '/ledger?limit=100').then(
      ({ body }) => (body['items'] as unknown[])?.length ?? 0,
      () => 0,
    );

  const first = await startHost();
  // Traffic compares each balance, version and entry with the acknowledged commands. It exits with 0 if all are equal.
  const traffic = run(
    'tools/traffic/main.ts',
    '--url',
    url,
    '--events',
    '600',
    '--concurrency',
    '16',
    '--patient',
    '60',
  );
  const before = await until(accounts, (count) => count >= 10, startDeadlineMs);
  await first.end('SIGKILL');
  expect(traffic.child.exitCode).toBeNull();

  const second = await startHost();
  expect(await accounts()).toBeGreaterThanOrEqual(before);
  const code = await traffic.exitCode;
  expect({ code, output: traffic.output() }).toMatchObject({ code: 0 });
  await second.end('SIGTERM');
  expect(await second.exitCode).toBe(0);
}, 180_000);

import { createServer } from 'node:net';
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { type NodeProcess, startNode } from '../../test/support/node-process.ts';
import { describeWithPython, installDeadlineMs, installedPython } from '../../test/support/python.ts';
import { until } from '../../test/support/until.ts';
import { listen } from '../host/engines/free-port.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Runs the command behind `npm run emulator`. */
function startEmulator(port: number): NodeProcess {
  const started = startNode(['tools/emulator/main.ts', 'start', '--port', String(port)]);
  cleanups.push(() => started.end('SIGKILL'));
  return started;
}

async function endpointOf({ output }: NodeProcess): Promise<string> {
  const text = await until(output, (printed) => printed.includes('deploy:local'), 60_000);
  const endpoint = /MiniStack answers at (http:\/\/localhost:\d+)/.exec(text)?.[1];
  if (endpoint === undefined) throw new Error(text);
  return endpoint;
}

const answers = async (endpoint: string) =>
  fetch(`${endpoint}/_ministack/health`).then(
    ({ ok }) => ok,
    () => false,
  );

describeWithPython('npm run emulator', () => {
  beforeAll(installedPython, installDeadlineMs);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves MiniStack until %s, and says what to do next',
    async (signal) => {
      const started = startEmulator(0);
      const endpoint = await endpointOf(started);
      expect(started.output()).toContain(`npm run deploy:local -- --endpoint ${endpoint}`);
      expect(await answers(endpoint)).toBe(true);
      started.child.kill(signal);
      expect(await started.exitCode).toBe(0);
      expect(await answers(endpoint)).toBe(false);
    },
    90_000,
  );

  it('stops MiniStack when it is killed', async () => {
    const started = startEmulator(0);
    const endpoint = await endpointOf(started);
    started.child.kill('SIGKILL');
    await until(
      () => answers(endpoint),
      (isThere) => !isThere,
    );
  }, 90_000);

  it('reports in a sentence that its port is in use', async () => {
    const server = createServer();
    const port = await listen(server, 0, '--port');
    cleanups.push(() => server.close());
    const started = startEmulator(port);
    expect(await started.exitCode).toBe(1);
    expect(started.output()).toBe(
      `Port ${port} is in use: stop the program that uses it, or choose another port with --port (0: any).\n`,
    );
  }, 90_000);
});

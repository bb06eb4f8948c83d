import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { afterEach, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.ts';
import { listen } from '../host/engines/free-port.ts';
import { isRunning } from '../host/temporary-folder.ts';
import { deploy } from './deploy.ts';

const run = promisify(execFile);

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** An endpoint that never answers, so that a program waits until it is stopped. */
async function silentEndpoint() {
  const requests: string[] = [];
  const server = createServer((request) => requests.push(request.url ?? ''));
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { endpoint: `http://localhost:${await listen(server, 0, '--port')}`, requests };
}

it('stops the CLI when the signal aborts, and leaves no files', async () => {
  const { endpoint, requests } = await silentEndpoint();
  const stop = new AbortController();
  // With this setting, the first that asks the endpoint is the CLI.
  const settings = '{"httpApi":"on"}';
  const target = { endpoint, onOutput: () => undefined, signal: stop.signal };
  const deploying = deploy({ ...target, stage: 'local', settings });
  const outcome = expect(deploying).rejects.toThrow('Enough.');
  await until(
    async () => requests.length,
    (count) => count > 0,
    60_000,
  );
  const cli = await ownProcesses('aws-cdk/bin/cdk bootstrap');
  expect(cli).toHaveLength(1);
  stop.abort(new Error('Enough.'));
  await outcome;
  expect(cli.filter(isRunning)).toEqual([]);
  expect(await temporaryFolders()).toEqual([]);
}, 90_000);

/** The processes below this one whose command line contains the text. */
async function ownProcesses(text: string): Promise<number[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,args=']);
  const processes = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const isOwn = (pid: string | undefined): boolean => {
    const parent = processes.find(([id]) => id === pid)?.[1];
    return parent !== undefined && (Number(parent) === process.pid || isOwn(parent));
  };
  return processes
    .filter(([pid, , ...args]) => args.join(' ').includes(text) && isOwn(pid))
    .map(([pid]) => Number(pid));
}

async function temporaryFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(`streamfold-host-${process.pid}-`));
}

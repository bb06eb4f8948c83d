import { readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../../tools/host/engines/free-port.ts';
import { type Breakpoint, breakAt } from '../support/breakpoint.ts';
import { startNode } from '../support/node-process.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
const settingsOf = (name: string) => JSON.parse(readFileSync(join(root, '.vscode', name), 'utf8'));
const launch = settingsOf('launch.json').configurations.find(
  (each: { name: string }) => each.name === 'Host, stop in api',
);
const task = settingsOf('tasks.json').tasks.find(
  ({ label }: { label: string }) => label === launch.preLaunchTask,
);
/** The first start builds and synthesizes the app, which takes a while on a busy machine. */
const startDeadlineMs = 300_000;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Starts the host as the task of the editor does, on other ports. */
async function startAsTask() {
  const port = await freePort();
  expect([task.command, ...task.args]).toEqual(['npm', 'start', '--', '--inspect', 'api']);
  const host = startNode(['tools/host/main.ts', '--inspect', `api:${port}`, '--http', '0', '--aws', '0']);
  cleanups.push(() => host.end('SIGTERM'));
  const { endsPattern } = task.problemMatcher.background;
  const isReady = (output: string) => output.split('\n').some((line) => new RegExp(endsPattern).test(line));
  const output = await until(host.output, isReady, 60_000);
  const [, httpUrl] = /^ *HTTP +(http:\/\/[\w.]+:\d+)/m.exec(output) ?? [];
  return { port, httpUrl, output };
}

describe('the debugger configuration of the editor', () => {
  it('attaches to the port that --inspect takes first', () => {
    expect(launch).toMatchObject({ request: 'attach', address: '127.0.0.1', port: 9229 });
  });

  it(
    'stops the host at a breakpoint in account.ts',
    async () => {
      const { port, httpUrl, output } = await startAsTask();
      expect(output).toContain(`Debugger for api: attach to 127.0.0.1:${port}`);
      const file = join(root, 'lambdas/contexts/ledger/domain/account.ts');
      const text = readFileSync(file, 'utf8').split('\n');
      const line = text.findIndex((each) => each.includes('return credit(command, account);')) + 1;
      const breakpoint: Breakpoint = await breakAt({ file, line }, port);
      cleanups.push(() => breakpoint.detach());
      const scriptFile = breakpoint.script.script.url.replace(/^file:\/\//, '');
      for (const globs of [launch.outFiles, launch.resolveSourceMapLocations]) {
        expect(globs.some((glob: string) => matchesGlob(scriptFile, inFolder(glob)))).toBe(true);
      }

      const answer = fetch(`${httpUrl}/ledger/debugged/credits`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ amount: 34 }),
      });
      const stop = await breakpoint.stopped();
      expect(stop.frames[0]).toEqual({ functionName: 'decide', place: { file, line } });
      const callers = stop.frames.map(({ place }) => place?.file);
      expect(callers).toContain(join(root, 'lambdas/kernel/decide.ts'));
      // A bundler may rename a parameter.
      expect(await stop.evaluate('arguments[0]')).toMatchObject({ type: 'Credit', amount: '34' });
      expect(await stop.evaluate('account')).toEqual({ status: 'unopened' });
      await stop.resume();
      expect((await answer).status).toBe(201);
    },
    startDeadlineMs * 2,
  );
});

function inFolder(glob: string): string {
  return glob.replace('$' + '{workspaceFolder}', root);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onStopSignal, runCommand } from '../host/command.ts';
import { untilStarted } from '../host/until-started.ts';
import { UserError } from '../host/user-error.ts';
import { brunoCli } from './cli.ts';

const collection = join(import.meta.dirname, '../../bruno');

/** `npm run bruno`: sends the requests of the collection until one fails. The arguments go to Bruno's command line. */
await runCommand(async () => {
  const args = process.argv.slice(2);
  const stop = new AbortController();
  onStopSignal(() => stop.abort(new UserError('Stopped.')));
  const script = await brunoCli(console.log);
  const url = localUrl(args);
  if (url !== undefined) await untilStarted(url, { say: console.log, signal: stop.signal });
  const options = ['-r', '--bail', '--sandbox', 'developer'];
  const child = spawn(process.execPath, [script, 'run', ...options, ...args], {
    cwd: collection,
    stdio: 'inherit',
  });
  stop.signal.addEventListener('abort', () => child.kill());
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  process.exitCode = exitCode ?? 1;
});

/** Where the local host answers, unless another environment is chosen. */
function localUrl(args: readonly string[]): string | undefined {
  const environment = args[args.indexOf('--env') + 1];
  if (args.includes('--env') && !environment?.startsWith('local')) return undefined;
  const given = args.findLast((arg) => arg.startsWith('baseUrl='));
  return given?.slice('baseUrl='.length) ?? 'http://localhost:3000';
}

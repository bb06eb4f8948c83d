import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onStopSignal, runCommand } from '../host/command.ts';
import { brunoCli } from './cli.ts';

const collection = join(import.meta.dirname, '../../bruno');

/** `npm run bruno`: sends the requests of the collection until one fails. The arguments go to Bruno's command line. */
await runCommand(async () => {
  const script = await brunoCli(console.log);
  const options = ['-r', '--bail', '--sandbox', 'developer'];
  const child = spawn(process.execPath, [script, 'run', ...options, ...process.argv.slice(2)], {
    cwd: collection,
    stdio: 'inherit',
  });
  onStopSignal(() => child.kill());
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  process.exitCode = exitCode ?? 1;
});

import { onStopSignal } from '../../tools/host/command.ts';
import { messageOf, UserError } from '../../tools/host/user-error.ts';
import { runCommandLine } from './run/command-line.ts';

const failedCode = 2;
// A reader such as `head` may have enough before the end.
process.stdout.on('error', () => process.exit());
const stop = new AbortController();
onStopSignal(() => stop.abort());

try {
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    module: new URL('./run/simulation.ts', import.meta.url).href,
    print: (line) => process.stdout.write(`${line}\n`),
    signal: stop.signal,
  });
} catch (error) {
  process.stderr.write(`${error instanceof UserError ? error.message : `Failed: ${messageOf(error)}`}\n`);
  process.exitCode = failedCode;
}

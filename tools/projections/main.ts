import { setMaxListeners } from 'node:events';
import { onStopSignal } from '../host/command.ts';
import { messageOf, UserError } from '../host/user-error.ts';
import { type ProjectionsArguments, parseProjectionsArguments, usage } from './args.ts';
import { Refused } from './refused.ts';
import { run } from './run.ts';
import { Stopped, stoppedCode } from './stopped.ts';

/** The exit codes besides 0 and that of a signal. */
const [foundCode, failedCode] = [1, 2];

const print = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

function parse(args: readonly string[]): ProjectionsArguments {
  try {
    return parseProjectionsArguments(args);
  } catch (error) {
    // 1 of `verify-log` means a broken log, so a wrong option of it is not 1.
    if (args[0] === 'verify-log' || !(error instanceof UserError)) throw error;
    throw new Refused(error.message);
  }
}

/** Aborts at the first signal that stops this process; a second one ends it at once. */
const stop = new AbortController();
// Each invocation and wait that is under way listens.
setMaxListeners(0, stop.signal);
onStopSignal(() => stop.abort(new Stopped()));

async function main(): Promise<number> {
  const chosen = parse(process.argv.slice(2));
  if (chosen.command === 'help') {
    print(usage);
    return 0;
  }
  const say = chosen.json ? complain : print;
  const { code, lines, report } = await run(chosen, { say, warn: complain, signal: stop.signal });
  if (chosen.json) print(JSON.stringify(report));
  else for (const line of lines) print(line);
  return code;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isExpected = error instanceof UserError || error instanceof Refused || error instanceof Stopped;
  complain(isExpected ? error.message : messageOf(error));
  process.exitCode =
    error instanceof Refused ? foundCode : error instanceof Stopped ? stoppedCode : failedCode;
}
// Ends what is still under way after a failure: other invocations, and the renewal of a hold.
stop.abort(new Stopped());

import { messageOf, UserError } from '../host/user-error.ts';
import { parseOptions, usage } from './options.ts';
import { isClean, reportLines } from './report.ts';
import { runTraffic } from './run.ts';

const interruptedCode = 130;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    say(usage);
    return 0;
  }
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    // A command line would put the token into histories and logs.
    const token = process.env['STREAMFOLD_TOKEN'] || undefined;
    const result = await runTraffic({ ...options, token }, interruption.signal, say);
    for (const line of reportLines(result)) say(line);
    return isClean(result) ? 0 : 1;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    say('Interrupted before the comparison.');
    return interruptedCode;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof UserError ? error.message : messageOf(error)}\n`);
  process.exitCode = 1;
}

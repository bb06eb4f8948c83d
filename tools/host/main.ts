import { parseStartArguments, usage } from './args.ts';
import { readyText } from './banner.ts';
import { terminalConsole } from './console.ts';
import { type Host, startHost } from './host.ts';
import { messageOf, UserError } from './user-error.ts';

async function main(): Promise<void> {
  const startedAtMs = Date.now() - process.uptime() * 1_000;
  const { showAllLogs, help, ...options } = parseStartArguments(process.argv.slice(2));
  if (help) {
    console.log(usage);
    return;
  }
  const output = terminalConsole({ showAllLogs });
  let starting: Promise<Host> | undefined;
  let isStopping = false;
  const stop = async (exitCode: number) => {
    // A host that is still starting stops once it has: a child that holds it up has got the signal too.
    const host = await starting?.catch(() => undefined); // Why it did not start is told below.
    try {
      await host?.stop();
    } catch (error) {
      output.warn(`Not everything could be stopped: ${messageOf(error)}`);
      process.exit(1);
    }
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(1); // Asked twice: at once.
      isStopping = true;
      output.say('\nStopping ...');
      void stop(0);
    });
  }
  starting = startHost({
    ...options,
    watch: true,
    console: output,
    onEngineCrash: (name, reason) => {
      output.warn(`${name} ended: ${reason}`);
      void stop(1);
    },
  });
  const host = await starting;
  if (!isStopping) output.say(readyText(host, Date.now() - startedAtMs));
}

main().catch((error) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exit(1);
});

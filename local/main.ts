import { parseStartArguments, usage } from './args.ts';
import { readyText } from './banner.ts';
import { terminalConsole } from './console.ts';
import { type Host, startHost } from './host.ts';
import { UserError } from './user-error.ts';

async function main(): Promise<void> {
  const startedAtMs = Date.now() - process.uptime() * 1_000;
  const { showAllLogs, help, ...options } = parseStartArguments(process.argv.slice(2));
  if (help) {
    console.log(usage);
    return;
  }
  const output = terminalConsole({ showAllLogs });
  let host: Host | undefined;
  const stop = async (exitCode: number) => {
    // Ctrl-C while it starts: what runs by now goes with this process.
    await host?.stop();
    process.exit(exitCode);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      output.say('\nStopping ...');
      void stop(0);
    });
  }
  host = await startHost({
    ...options,
    watch: true,
    console: output,
    onEngineCrash: (name, reason) => {
      output.warn(`${name} ended: ${reason}`);
      void stop(1);
    },
  });
  output.say(readyText(host, Date.now() - startedAtMs));
}

main().catch((error) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exit(1);
});

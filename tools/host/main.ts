import { parseStartArguments, usage } from './args.ts';
import { readyText } from './banner.ts';
import { onStopSignal, runCommand } from './command.ts';
import { terminalConsole } from './console.ts';
import { type Host, startHost } from './host.ts';
import { messageOf } from './user-error.ts';

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
    isStopping = true;
    // A host that is still starting is stopped after its start. Its failure to start is reported below.
    const host = await starting?.catch(() => undefined);
    try {
      await host?.stop();
    } catch (error) {
      output.warn(`Not everything could be stopped: ${messageOf(error)}`);
      process.exit(1);
    }
    process.exit(exitCode);
  };
  onStopSignal(() => {
    output.say('\nStopping ...');
    void stop(0);
  });
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

await runCommand(main);

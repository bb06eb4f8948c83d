import { messageOf, UserError } from '../host/user-error.ts';
import { parseEmulatorArguments, usage } from './args.ts';
import { deploy, destroy } from './deploy.ts';
import { findEmulator } from './endpoint.ts';
import { startMinistack } from './ministack.ts';
import { projectPython } from './python/project-python.ts';
import { deployedText, destroyedText, startedText } from './texts.ts';

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function main(): Promise<void> {
  const chosen = parseEmulatorArguments(process.argv.slice(2));
  switch (chosen.command) {
    case 'help':
      console.log(usage);
      return;
    case 'start':
      await runMinistack(chosen.port, chosen.showsLogs);
      return;
    case 'deploy': {
      const emulator = await findEmulator(chosen.endpoint);
      console.log(deployedText(emulator, chosen.endpoint, await deploy({ ...chosen, signal: stopSignal() })));
      return;
    }
    case 'destroy': {
      const emulator = await findEmulator(chosen.endpoint);
      await destroy({ ...chosen, signal: stopSignal() });
      console.log(destroyedText(emulator, chosen.stage));
      return;
    }
    default:
      chosen satisfies never;
  }
}

/** Aborted when this process is asked to stop; the CDK CLI goes first, then what it kept on disk. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of stopSignals) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1); // Asked twice: at once.
      controller.abort(
        new UserError(
          '\nStopped. What CloudFormation has begun, it completes by itself; the same command again goes on from there.',
        ),
      );
    });
  }
  return controller.signal;
}

/** Until a signal ends it, or it ends by itself. */
async function runMinistack(port: number, showsLogs: boolean): Promise<void> {
  const python = await projectPython((line) => console.log(line));
  const onOutput = (text: string) => {
    if (showsLogs) process.stderr.write(text);
  };
  const starting = startMinistack({ port, python, onOutput });
  let isStopping = false;
  for (const signal of stopSignals) {
    process.on(signal, async () => {
      if (isStopping) process.exit(1); // Asked twice: at once.
      isStopping = true;
      console.log('\nStopping ...');
      // One that is still starting stops once it has; why one did not start is told below.
      const ministack = await starting.catch(() => undefined);
      await ministack?.stop();
      process.exit(0);
    });
  }
  const ministack = await starting;
  if (!isStopping) console.log(startedText(ministack.endpoint));
  const lastWords = await ministack.exited;
  if (isStopping) return;
  await ministack.stop();
  throw new UserError(
    `MiniStack ended by itself (--logs shows what it says while it runs); its last words were: ${lastWords.split('\n').at(-1)}`,
  );
}

main().catch((error) => {
  console.error(error instanceof UserError ? messageOf(error) : error);
  process.exit(1);
});

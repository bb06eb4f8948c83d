import { onStopSignal, runCommand } from '../host/command.ts';
import { UserError } from '../host/user-error.ts';
import { parseEmulatorArguments, usage } from './args.ts';
import { deploy, destroy } from './deploy.ts';
import { findEmulator } from './endpoint.ts';
import { startMinistack } from './ministack.ts';
import { projectPython } from './python/project-python.ts';
import { deployedText, destroyedText, startedText } from './texts.ts';

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
      const say = (sentence: string) => console.log(sentence);
      const deployment = await deploy({ ...chosen, say, signal: stopSignal() });
      console.log(deployedText(emulator, chosen.endpoint, deployment));
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

/** Aborts when this process is asked to stop. The CDK CLI is stopped first; then its files are removed. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  onStopSignal(() =>
    controller.abort(
      new UserError(
        '\nStopped. CloudFormation finishes what it has started; run the same command again to continue.',
      ),
    ),
  );
  return controller.signal;
}

/** Resolves or exits when a signal stops MiniStack; throws when MiniStack ends by itself. */
async function runMinistack(port: number, showsLogs: boolean): Promise<void> {
  const python = await projectPython((line) => console.log(line));
  const onOutput = (text: string) => {
    if (showsLogs) process.stderr.write(text);
  };
  const starting = startMinistack({ port, python, onOutput });
  let isStopping = false;
  onStopSignal(async () => {
    isStopping = true;
    console.log('\nStopping ...');
    // A MiniStack that is still starting is stopped after its start. Its failure to start is reported below.
    const ministack = await starting.catch(() => undefined);
    await ministack?.stop();
    process.exit(0);
  });
  const ministack = await starting;
  if (!isStopping) console.log(startedText(ministack.endpoint));
  const output = await ministack.exited;
  if (isStopping) return;
  await ministack.stop();
  throw new UserError(
    `MiniStack ended by itself (--logs shows what it prints); its last line was: ${output.split('\n').at(-1)}`,
  );
}

await runCommand(main);

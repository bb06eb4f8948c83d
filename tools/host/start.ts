import { flushCompileCache } from 'node:module';
import { functionNames } from '../bundle/bundle.ts';
import { parseStartArguments, refuseOptionsGivenToNpm, usage } from './args.ts';
import { readyText } from './banner.ts';
import { onStopSignal, runCommand } from './command.ts';
import { terminalConsole } from './console.ts';
import { type Host, startHost } from './host.ts';
import { inspectionText } from './inspect/inspector.ts';
import { checkLogs } from './log-selection.ts';
import { endPrograms } from './programs.ts';
import { seedDemo } from './seed/demo/demo.ts';
import { untilProjected } from './seed/projected.ts';
import { seedStress } from './seed/seed.ts';
import { messageOf } from './user-error.ts';

/** Longer than everything that the host ends may take. In ms. */
const stopBoundMs = 30_000;

async function main(): Promise<void> {
  const startedAtMs = Date.now() - process.uptime() * 1_000;
  refuseOptionsGivenToNpm(process.env);
  const { logs, help, seed, ...options } = parseStartArguments(process.argv.slice(2));
  if (help) {
    console.log(usage);
    return;
  }
  checkLogs(logs, functionNames());
  const output = terminalConsole({ logs });
  let starting: Promise<Host> | undefined;
  const stopping = new AbortController();
  let seeding: Promise<void> | undefined;
  const stop = async (exitCode: number) => {
    stopping.abort();
    endPrograms();
    await seeding?.catch(() => undefined); // Its failure is reported below.
    // A host that is still starting is stopped after its start.
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
  }, stopBoundMs);
  const seedOptions = { say: output.say, signal: stopping.signal };
  starting = startHost({
    ...options,
    watch: true,
    ...(seed === 'stress' && { onCreated: (app) => seedStress(app, seedOptions) }),
    console: output,
    onEngineCrash: (name, reason) => {
      output.warn(`${name} ended: ${reason}`);
      void stop(1);
    },
  });
  const host = await starting.catch((error) => {
    // A start that was stopped fails; `stop` ends this process.
    if (stopping.signal.aborted) return undefined;
    throw error;
  });
  if (host === undefined || stopping.signal.aborted) return;
  // What a killed host has compiled would be lost.
  flushCompileCache();
  output.say(readyText(host, Date.now() - startedAtMs));
  if (host.inspectors !== undefined) output.say(inspectionText(host.inspectors));
  if (seed === undefined) return;
  seeding = seed === 'demo' ? seedDemo(host, seedOptions) : untilProjected(host, seedOptions);
  await seeding.catch((error) => {
    if (stopping.signal.aborted) return; // An engine that was stopped answers no call.
    output.warn(seed === 'demo' ? messageOf(error) : `The seed is not shown: ${messageOf(error)}`);
    return stop(1);
  });
}

await runCommand(main);

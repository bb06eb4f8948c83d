import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startNode } from '../support/node-process.ts';
import { until } from '../support/until.ts';
import { baselineFolder } from './baseline.ts';
import type { InPhase } from './old-writes.ts';
import { appForPhase, type ChangeResources } from './phase-app.ts';
import { RunningSystem } from './running-system.ts';

const run = promisify(execFile);
const startDeadlineMs = 60_000;

/**
 * Runs the old system on its own host, over one folder of data. Each phase is a process, which is killed at its end.
 * `change` changes the resources of the old app.
 */
export function onOldHost(dataFolder: string, change?: ChangeResources): InPhase {
  return async (phase, write) => {
    const source = await baselineFolder();
    const assembly = await appForPhase(await synthesizedBy(source), phase, change);
    try {
      await withHost(source, assembly, dataFolder, write);
    } finally {
      await rm(assembly, { recursive: true, force: true });
    }
  };
}

async function withHost(
  source: string,
  assembly: string,
  dataFolder: string,
  use: (system: RunningSystem) => Promise<void>,
): Promise<void> {
  const host = startNode(['test/support/host-process.ts', assembly, dataFolder], source);
  try {
    const line = await until(host.output, (output) => output.includes('\n'), startDeadlineMs);
    const system = new RunningSystem(JSON.parse(line).awsUrl);
    await use(system);
    system.close();
  } finally {
    await host.end('SIGKILL');
  }
}

/** The folder of the app that another checkout synthesizes. */
export async function synthesizedBy(source: string): Promise<string> {
  const script = `import { synthesize } from './tools/host/template/synthesize.ts';
    console.log(await synthesize(process.cwd(), () => undefined));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: source });
  return stdout.trim();
}

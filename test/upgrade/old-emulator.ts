import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { credentials, region } from '../../tools/host/aws-json.ts';
import { boundMs } from '../support/patience.ts';
import { until } from '../support/until.ts';
import { baselineFolder } from './baseline.ts';
import type { InPhase, Phase } from './old-writes.ts';
import { RunningSystem } from './running-system.ts';

const run = promisify(execFile);
const deployTimeoutMs = 300_000;

/** The functions whose event sources are disabled in a phase. */
const stopped: Readonly<Partial<Record<Phase, RegExp>>> = {
  'no consumer runs': /-projector$|-analyzer$|-recorder$/,
  'nothing runs': /./,
};

/** Deploys the old system to an emulator, with its own code. */
export async function deployOld(endpoint: string): Promise<void> {
  // Low, so that a stream of the test has a snapshot.
  const settings = JSON.stringify({ snapshotThreshold: 3 });
  const args = ['tools/emulator/main.ts', 'deploy', '--endpoint', endpoint, '--settings', settings];
  await run(process.execPath, args, { cwd: await baselineFolder(), timeout: boundMs(deployTimeoutMs) });
}

/** Runs the old system on an emulator. It leaves out the phases in which a function fails. */
export function onOldEmulator(endpoint: string): InPhase {
  return async (phase, write) => {
    if (phase.endsWith('fails')) return;
    await enableEventSources(endpoint, (functionName) => stopped[phase]?.test(functionName) !== true);
    const system = new RunningSystem(endpoint);
    await write(system);
    system.close();
  };
}

/** Enables the event sources of these functions, and disables the others. */
export async function enableEventSources(
  endpoint: string,
  isEnabled: (functionName: string) => boolean,
): Promise<void> {
  const client = new LambdaClient({ endpoint, region, credentials });
  const all = async () =>
    (await client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? [];
  const stateOf = (functionArn = '') => (isEnabled(functionArn) ? 'Enabled' : 'Disabled');
  for (const { UUID, FunctionArn, State } of await all()) {
    if (State === stateOf(FunctionArn)) continue;
    const Enabled = isEnabled(FunctionArn ?? '');
    await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  }
  await until(all, (mappings) => mappings.every(({ FunctionArn, State }) => State === stateOf(FunctionArn)));
  client.destroy();
}

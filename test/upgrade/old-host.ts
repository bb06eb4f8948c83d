import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Resource } from '../../tools/host/template/assembly.ts';
import { startNode } from '../support/node-process.ts';
import { until } from '../support/until.ts';
import { baselineFolder } from './baseline.ts';
import type { InPhase, Phase } from './old-writes.ts';
import { RunningSystem } from './running-system.ts';

const run = promisify(execFile);
const startDeadlineMs = 60_000;
/** Low, so that a stream of the test has a snapshot. */
const snapshotThreshold = 3;

/** The logical ids of the functions that a phase stops: their event sources are removed. */
const stopped: Readonly<Record<Phase, RegExp>> = {
  'all run': /^$/,
  'the publisher fails': /^$/,
  'the metrics projector fails': /^$/,
  'no consumer runs': /^(\w+Projector|PrescriptionAnalyzer)Function/,
  'nothing runs': /^/,
};

/** The logical id of the function that a phase breaks. */
const broken: Readonly<Partial<Record<Phase, RegExp>>> = {
  'the publisher fails': /^PublisherFunction/,
  'the metrics projector fails': /^MetricsProjectorFunction/,
};

/** Runs the old system on its own host, over one folder of data. Each phase is a process, which is killed at its end. */
export function onOldHost(dataFolder: string): InPhase {
  return async (phase, write) => {
    const source = await baselineFolder();
    const assembly = await mkdtemp(join(tmpdir(), 'streamfold-old-'));
    try {
      await cp(await synthesizedBy(source), assembly, { recursive: true });
      await changeTemplate(assembly, (resources) => forPhase(phase, resources));
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
async function synthesizedBy(source: string): Promise<string> {
  const script = `import { synthesize } from './tools/host/template/synthesize.ts';
    console.log(await synthesize(process.cwd(), () => undefined));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: source });
  return stdout.trim();
}

/** Changes the resources of the template in a synthesized app. */
export async function changeTemplate(
  assembly: string,
  change: (resources: Record<string, Resource>) => void,
): Promise<void> {
  const file = join(assembly, 'streamfold-local.template.json');
  const template = JSON.parse(await readFile(file, 'utf8'));
  change(template.Resources);
  await writeFile(file, JSON.stringify(template));
}

function forPhase(phase: Phase, resources: Record<string, Resource>): void {
  for (const [id, { Type, Properties = {} }] of Object.entries(resources)) {
    const isBroken = broken[phase]?.test(id) === true;
    if (Type === 'AWS::Lambda::EventSourceMapping') {
      if (stopped[phase].test(id)) delete resources[id];
      // Given up at the first failure.
      if (isBroken) Properties['MaximumRetryAttempts'] = 0;
    }
    if (Type !== 'AWS::Lambda::Function') continue;
    if (isBroken) Properties['Handler'] = 'index.missing';
    const { Variables = {} } = (Properties['Environment'] ?? {}) as { Variables?: Record<string, string> };
    if ('SNAPSHOT_THRESHOLD' in Variables) Variables['SNAPSHOT_THRESHOLD'] = String(snapshotThreshold);
  }
}

import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '../../tools/host/template/assembly.ts';
import type { Phase } from './old-writes.ts';

/** Low, so that a stream of the test has a snapshot. */
const snapshotThreshold = 3;

/** The logical ids of the functions that a phase stops: their event sources are removed. */
const stopped: Readonly<Record<Phase, RegExp>> = {
  'all run': /^$/,
  'the publisher fails': /^$/,
  'the metrics projector fails': /^$/,
  'no consumer runs': /^(\w+Projector|PrescriptionAnalyzer|PrescriptionRecorder)Function/,
  'nothing runs': /^/,
};

/** The logical id of the function that a phase breaks. */
const broken: Readonly<Partial<Record<Phase, RegExp>>> = {
  'the publisher fails': /^PublisherFunction/,
  'the metrics projector fails': /^MetricsProjectorFunction/,
};

const templateFile = 'streamfold-local.template.json';

/** Changes resources, by logical id, in place. */
export type ChangeResources = (resources: Record<string, Resource>) => void;

/** A copy of a synthesized app, in which the functions of a phase are stopped or broken. The caller removes it. */
export async function appForPhase(
  assembly: string,
  phase: Phase,
  change: ChangeResources = () => undefined,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-phase-'));
  await cp(assembly, folder, { recursive: true });
  const template = JSON.parse(await readFile(join(folder, templateFile), 'utf8'));
  changeForPhase(phase, template.Resources);
  change(template.Resources);
  await writeFile(join(folder, templateFile), JSON.stringify(template));
  return folder;
}

function changeForPhase(phase: Phase, resources: Record<string, Resource>): void {
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

import { join } from 'node:path';
import { EmbeddedAnalyzer } from '../../lambdas/contexts/dispense/automations/analysis/embedded/embedded-analyzer.ts';
import { UnreadablePrescriptionError } from '../../lambdas/contexts/dispense/automations/analysis/prescription-analyzer.ts';
import {
  outcomeLines,
  outcomeOf,
  outcomeTable,
  type SampleOutcome,
} from '../../test/prescriptions/outcomes.ts';
import { sampleKinds, samplesOf } from '../../test/prescriptions/samples.ts';
import { bundle, bundlesFolder } from '../../tools/bundle/bundle.ts';
import { callerPath } from '../../tools/host/caller-folder.ts';
import { runCommand } from '../../tools/host/command.ts';
import { UserError } from '../../tools/host/user-error.ts';
import { type ClarityRule, calibrationPictures, type ReadPicture, rowsOf, ruleTable } from './calibration.ts';

const usage = `Usage: npm run readings [-- FOLDER]

Without FOLDER: reads all samples in test/prescriptions, and prints what is trusted and right, trusted and wrong,
reviewed and failed. With FOLDER: reads the pictures that bench/readings/generate.py drew there, and prints what each
rule for clear text would trust. 1,200 pictures take about an hour on two cores. See docs/readings.md.`;

const rules: readonly ClarityRule[] = [0.6, 0.7, 0.8, 0.85, 0.9, 0.93].flatMap((words) =>
  [0.75, 0.8, 0.85, 0.9, 0.92, 0.93].filter((digits) => digits >= words).map((digits) => ({ words, digits })),
);
/** For one picture, in ms. Other programs may use the cores too. */
const timeoutMs = 120_000;

/** `npm run readings`. */
async function main(): Promise<void> {
  const [folder, ...more] = process.argv.slice(2);
  if (folder === '--help') return console.log(usage);
  if (more.length > 0 || folder?.startsWith('-')) throw new UserError(`Unknown options. ${usage}`);
  await bundle();
  const readersFolder = join(bundlesFolder, 'prescription-analyzer/readers');
  const analyzer = new EmbeddedAnalyzer({ readersFolder, nodePath: process.execPath, timeoutMs });
  if (folder === undefined) await readSamples(analyzer);
  else await calibrate(analyzer, callerPath(folder));
}

async function readSamples(analyzer: EmbeddedAnalyzer): Promise<void> {
  const groups: Record<string, SampleOutcome[]> = {};
  for (const kind of sampleKinds) {
    const outcomes: SampleOutcome[] = [];
    for (const sample of samplesOf(kind)) outcomes.push(await outcomeOf(sample, analyzer));
    groups[kind] = outcomes;
    console.log(`${outcomeLines(kind, outcomes)}\n`);
  }
  console.log(outcomeTable(groups));
}

async function calibrate(analyzer: EmbeddedAnalyzer, folder: string): Promise<void> {
  const read: ReadPicture[] = [];
  for (const picture of calibrationPictures(folder)) {
    const text = await analyzer.read([picture]).catch((error: unknown) => {
      if (error instanceof UnreadablePrescriptionError) return undefined;
      throw error;
    });
    read.push({ picture, text });
    if (read.length % 50 === 0) console.error(`${read.length} pictures`);
  }
  const rows = rules.flatMap((rule) => rowsOf(rule, read));
  for (const { words, digits, wrong } of rows) {
    for (const line of wrong) console.log(`trusted with ${words} and ${digits}, and wrong: ${line}`);
  }
  console.log(`\n${ruleTable(rows)}`);
}

await runCommand(main);

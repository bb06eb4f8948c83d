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
import { runCommand } from '../../tools/host/command.ts';
import { UserError } from '../../tools/host/user-error.ts';
import {
  type CalibrationReading,
  calibrationPictures,
  clarityOf,
  isRight,
  thresholdRows,
  thresholdTable,
} from './calibration.ts';

const usage = `Usage: npm run readings [-- FOLDER]

Without FOLDER: reads all samples in test/prescriptions, and prints what is trusted and right, trusted and wrong,
reviewed and failed. With FOLDER: reads the pictures that bench/readings/generate.py drew there, and prints what each
threshold for clear text would trust. 1,200 pictures take about an hour on two cores. See docs/readings.md.`;

const thresholds = [0, 0.6, 0.7, 0.75, 0.8, 0.85, 0.88, 0.9, 0.93, 0.95];
/** For one picture, in ms. Other programs may use the cores too. */
const timeoutMs = 120_000;

/** `npm run readings`. */
async function main(): Promise<void> {
  const [folder, ...more] = process.argv.slice(2);
  if (folder === '--help') return console.log(usage);
  if (more.length > 0 || folder?.startsWith('-')) throw new UserError(`Unknown options. ${usage}`);
  await bundle();
  const readersFolder = join(bundlesFolder, 'prescription-analyzer/readers');
  const analyzer = new EmbeddedAnalyzer({ readersFolder, timeoutMs });
  if (folder === undefined) await readSamples(analyzer);
  else await calibrate(analyzer, folder);
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
  const readings: CalibrationReading[] = [];
  for (const picture of calibrationPictures(folder)) {
    const reading = await analyzer.analyze([picture]).catch((error: unknown) => {
      if (error instanceof UnreadablePrescriptionError) return undefined;
      throw error;
    });
    const found = { picture, reading };
    readings.push(found);
    if (readings.length % 50 === 0) console.error(`${readings.length} pictures`);
    if (reading && !isRight(found) && thresholdRows([found], [0]).some(({ trusted }) => trusted > 0)) {
      console.log(`${picture.name}: wrong, and only its clarity ${clarityOf(reading)} can show it`);
    }
  }
  console.log(`\n${thresholdTable(thresholdRows(readings, thresholds))}`);
}

await runCommand(main);

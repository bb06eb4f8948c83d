import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Analysis } from '../../lambdas/contexts/dispense/automations/analysis/prescription-analyzer.ts';
import { isTrusted } from '../../lambdas/contexts/dispense/domain/trust.ts';
import { differences, type StatedDrug } from '../../test/prescriptions/judge.ts';
import type { Sample } from '../../test/prescriptions/samples.ts';
import { UserError } from '../../tools/host/user-error.ts';

/** The thresholds are chosen on one half of the pictures and checked on the other. */
export const halves = ['choosing', 'checking'] as const;

/** A picture that `generate.py` drew. */
export interface CalibrationPicture extends Sample {
  readonly half: (typeof halves)[number];
  readonly damage: string;
}

interface Truth {
  readonly file: string;
  readonly half: CalibrationPicture['half'];
  readonly damage: string;
  readonly drugs: readonly StatedDrug[];
}

/** The pictures in a folder that `generate.py` filled. */
export function calibrationPictures(folder: string): CalibrationPicture[] {
  const file = join(folder, 'truth.json');
  if (!existsSync(file))
    throw new UserError(`${file} does not exist. Fill the folder with bench/readings/generate.py.`);
  const truth = JSON.parse(readFileSync(file, 'utf8')) as readonly Truth[];
  return truth.map(({ file: name, half, damage, drugs }) => ({
    name,
    half,
    damage,
    drugs,
    contentType: name.endsWith('.jpg') ? 'image/jpeg' : 'image/png',
    bytes: readFileSync(join(folder, name)),
    mustReview: false,
  }));
}

/** How a picture was read. Undefined: nothing was read in it. */
export interface CalibrationReading {
  readonly picture: CalibrationPicture;
  readonly reading: Analysis | undefined;
}

/** One row of the table: what a threshold would trust in one half. */
export interface ThresholdRow {
  readonly threshold: number;
  readonly half: CalibrationPicture['half'];
  readonly pictures: number;
  /** Read as stated, whatever the threshold. */
  readonly right: number;
  readonly trusted: number;
  readonly trustedAndWrong: number;
}

/** What each threshold for clear text would trust, in each half. Readings keep all their other doubts. */
export function thresholdRows(
  readings: readonly CalibrationReading[],
  thresholds: readonly number[],
): ThresholdRow[] {
  return thresholds.flatMap((threshold) =>
    halves.map((half) => {
      const all = readings.filter(({ picture }) => picture.half === half);
      const trusted = all.filter(({ reading }) => reading && isTrustedAt(threshold, reading));
      return {
        threshold,
        half,
        pictures: all.length,
        right: all.filter(isRight).length,
        trusted: trusted.length,
        trustedAndWrong: trusted.filter((one) => !isRight(one)).length,
      };
    }),
  );
}

/** Whether every drug was read as the picture states it. */
export function isRight({ picture, reading }: CalibrationReading): boolean {
  return reading !== undefined && differences(reading.drugs, picture.drugs).length === 0;
}

/** The least confidence of the parts of which `unclear-text` speaks. The form is not among them: it has few spellings. */
export function clarityOf({ drugs }: Analysis): number {
  const parts = drugs.flatMap(({ confidence: { name, strength, quantity, directions } }) => [
    name,
    strength,
    quantity,
    directions,
  ]);
  return Math.min(1, ...parts.filter((part) => part !== null));
}

/** Whether the rule of the domain would trust the reading if only this threshold decided on its clarity. */
function isTrustedAt(threshold: number, reading: Analysis): boolean {
  if (clarityOf(reading) < threshold) return false;
  const clear = (part: number | null) => (part === null ? null : 1);
  return isTrusted({
    ...reading,
    confidence: 1,
    drugs: reading.drugs.map((drug) => ({
      ...drug,
      confidence: {
        name: 1,
        strength: clear(drug.confidence.strength),
        form: clear(drug.confidence.form),
        quantity: clear(drug.confidence.quantity),
        directions: clear(drug.confidence.directions),
      },
      doubts: drug.doubts.filter((doubt) => doubt !== 'unclear-text'),
    })),
  });
}

/** The rows as a table in Markdown: a line for each threshold. */
export function thresholdTable(rows: readonly ThresholdRow[]): string {
  const thresholds = [...new Set(rows.map(({ threshold }) => threshold))];
  const cells = (threshold: number) =>
    halves.flatMap((half) => {
      const row = rows.find((one) => one.threshold === threshold && one.half === half);
      return [row?.trusted ?? '-', row?.trustedAndWrong ?? '-'];
    });
  const rightOf = (half: string) => rows.find((row) => row.half === half)?.right ?? 0;
  const titles = halves.flatMap((half) => [`${half}: trusted of ${rightOf(half)} read right`, 'wrong']);
  return [
    `| threshold | ${titles.join(' | ')} |`,
    `|---|${titles.map(() => '---|').join('')}`,
    ...thresholds.map((threshold) => `| ${[threshold.toFixed(2), ...cells(threshold)].join(' | ')} |`),
  ].join('\n');
}

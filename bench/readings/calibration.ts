import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnreadablePrescriptionError } from '../../lambdas/contexts/dispense/automations/analysis/prescription-analyzer.ts';
import type {
  DocumentText,
  Word,
} from '../../lambdas/contexts/dispense/automations/analysis/reading/document-text.ts';
import { readPrescription } from '../../lambdas/contexts/dispense/automations/analysis/reading/read-prescription.ts';
import type { Reading } from '../../lambdas/contexts/dispense/automations/analysis/reading/reading.ts';
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

/** The text of a picture. Undefined: nothing was read in it. */
export interface ReadPicture {
  readonly picture: CalibrationPicture;
  readonly text: DocumentText | undefined;
}

/** The least confidences of words that are clear. From 0 to 1. */
export interface ClarityRule {
  /** Of words without digits. Lists check them too. */
  readonly words: number;
  /** Of words with digits. No list knows the quantity or the dose. */
  readonly digits: number;
}

/** What a rule trusts in one half of the pictures. */
export interface RuleRow extends ClarityRule {
  readonly half: CalibrationPicture['half'];
  readonly pictures: number;
  /** Read as stated, whatever the rule. */
  readonly right: number;
  readonly trusted: number;
  /** What differs, a line for each picture that is trusted and wrong. */
  readonly wrong: readonly string[];
}

/** What a rule trusts, in each half. */
export function rowsOf(rule: ClarityRule, all: readonly ReadPicture[]): RuleRow[] {
  return halves.map((half) => {
    const results = all
      .filter(({ picture }) => picture.half === half)
      .map(({ picture, text }) => resultOf(picture, text && judgedByRule(text, rule)));
    const trusted = results.filter(({ isTrusted }) => isTrusted);
    return {
      ...rule,
      half,
      pictures: results.length,
      right: results.filter(({ differences: found }) => found.length === 0).length,
      trusted: trusted.length,
      wrong: trusted
        .filter(({ differences: found }) => found.length > 0)
        .map(({ name, differences: found }) => `${name}: ${found.join('; ')}`),
    };
  });
}

function resultOf(picture: CalibrationPicture, text: DocumentText | undefined) {
  const reading = text && readingOf(text);
  return {
    name: picture.name,
    isTrusted: reading !== undefined && isTrusted({ analyzer: 'embedded', ...reading }),
    differences: reading ? differences(reading.drugs, picture.drugs) : ['nothing was read'],
  };
}

function readingOf(text: DocumentText): Reading | undefined {
  try {
    return readPrescription(text);
  } catch (error) {
    if (error instanceof UnreadablePrescriptionError) return undefined;
    throw error;
  }
}

/** Certain and doubtful on any scale of the reader. */
const [certain, doubtful] = [1, 0.5];

/** The text in which the rule alone says which words are clear: the reader's own thresholds are between the two values. */
function judgedByRule(text: DocumentText, rule: ClarityRule): DocumentText {
  const judged = (word: Word): Word => {
    const least = /\d/.test(word.text) ? rule.digits : rule.words;
    return { ...word, confidence: word.confidence >= least ? certain : doubtful };
  };
  return {
    ...text,
    pages: text.pages.map((lines) => lines.map(({ words }) => ({ words: words.map(judged) }))),
  };
}

/** The rows as a table in Markdown: a line for each rule. */
export function ruleTable(rows: readonly RuleRow[]): string {
  const rightOf = (half: string) => rows.find((row) => row.half === half)?.right ?? 0;
  const titles = halves.flatMap((half) => [`${half}: trusted of ${rightOf(half)} read right`, 'wrong']);
  const lines = rows
    .filter(({ half }) => half === halves[0])
    .map((rule) => {
      const cells = halves.flatMap((half) => {
        const row = rows.find(
          (one) => one.words === rule.words && one.digits === rule.digits && one.half === half,
        );
        return [row?.trusted ?? '-', row?.wrong.length ?? '-'];
      });
      return `| ${[rule.words.toFixed(2), rule.digits.toFixed(2), ...cells].join(' | ')} |`;
    });
  return [
    `| words | digits | ${titles.join(' | ')} |`,
    `|---|---|${titles.map(() => '---|').join('')}`,
    ...lines,
  ].join('\n');
}

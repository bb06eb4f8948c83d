import type { Drug } from '../../../domain/events.ts';
import { analysisMaxDrugs, UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { quantityOfCourse } from './course.ts';
import { type DrugLine, directionsOf, findQuantity, readDrugLine } from './drug-line.ts';
import { formOf, isDirectionVerb, numberOf } from './vocabulary.ts';

/** The drugs of a prescription. */
export interface ReadPrescription {
  /** From 0 (a guess) to 1 (every part of every drug was found). */
  readonly confidence: number;
  readonly drugs: readonly Drug[];
}

/** The rest of a longer text is ignored. */
const textMaxChars = 100_000;
const linesMax = 1_000;
const lineMaxChars = 300;
const directionsMaxChars = 500;

/** The value of a missing part. */
const notStated = 'not stated';

/** The weight of each part in the confidence. A drug with all parts has a confidence of 1. */
const weights = { name: 0.2, strength: 0.3, form: 0.15, quantity: 0.2, directions: 0.15 };
/** A part that was derived from others counts with this share of its weight. */
const derivedShare = 0.5;
const repairedPenalty = 0.1;

interface DrugLines extends DrugLine {
  /** The lines below that belong to the drug. */
  readonly more: string[];
}

/**
 * Reads the drugs in the plain text of a prescription by rules. A drug begins with a line with its name and its strength.
 * Quantity and directions are on the same line or on those below. Throws UnreadablePrescriptionError if there is no drug.
 */
export function readPrescription(text: string): ReadPrescription {
  const found: DrugLines[] = [];
  for (const line of linesOf(text)) {
    const drug = readDrugLine(line);
    if (drug) found.push({ ...drug, more: [] });
    else found.at(-1)?.more.push(line);
    if (found.length > analysisMaxDrugs) {
      throw new UnreadablePrescriptionError(
        `The prescription lists more than ${analysisMaxDrugs} drugs. Upload it in parts, or enter the drugs by hand.`,
      );
    }
  }
  if (found.length === 0) {
    throw new UnreadablePrescriptionError(
      'No drug with its strength was found in the document. Check that it is a prescription, or enter the drugs by hand.',
    );
  }
  const read = found.map(readDrug);
  const confidence = read.reduce((sum, drug) => sum + drug.confidence, 0) / read.length;
  return { confidence: rounded(confidence), drugs: read.map(({ drug }) => drug) };
}

function linesOf(text: string): string[] {
  return text
    .slice(0, textMaxChars)
    .normalize('NFKC')
    .split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/, linesMax)
    .map((line) =>
      line
        .slice(0, lineMaxChars)
        .replace(/[\p{C}\p{Z}\s]{1,300}/gu, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
}

function readDrug(lines: DrugLines): { drug: Drug; confidence: number } {
  const { name, strength, isRepaired, more } = lines;
  const directions = [lines.directions, ...more.filter(isDirections).map(directionsWithoutQuantity)]
    .filter((part) => part !== '')
    .join('. ')
    .slice(0, directionsMaxChars)
    .toWellFormed()
    .trim();
  const stated = lines.quantity ?? firstOf(more, (line) => findQuantity(line)?.quantity);
  const derived = quantityOfCourse(directions);
  const formInDirections = firstOf(directions.split(' '), formOf);
  const confidence =
    weights.name +
    (strength === undefined ? 0 : weights.strength) +
    weightOf('form', lines.form, formInDirections) +
    weightOf('quantity', stated, derived) +
    (directions === '' ? 0 : weights.directions) -
    (isRepaired ? repairedPenalty : 0);
  return {
    drug: {
      name,
      strength: strength ?? notStated,
      form: lines.form ?? formInDirections ?? notStated,
      // Default: the minimum. The lower confidence shows that it is not stated.
      quantity: stated ?? derived ?? 1,
      directions: directions === '' ? notStated : directions,
    },
    confidence,
  };
}

function weightOf(part: 'form' | 'quantity', stated: unknown, derived: unknown): number {
  if (stated !== undefined) return weights[part];
  return derived === undefined ? 0 : weights[part] * derivedShare;
}

/** Whether a line begins like directions: with a verb, with their label, or with "2 tablets". */
function isDirections(line: string): boolean {
  const [first = '', second = ''] = line.split(/[ :]{1,3}/, 2);
  const isDose = numberOf(first) !== undefined && formOf(second) !== undefined;
  return isDose || isDirectionVerb(first) || /\bsig\b ?[:.]/i.test(line);
}

function directionsWithoutQuantity(line: string): string {
  const labelled = line.slice(Math.max(0, line.search(/\bsig\b ?[:.]/i)));
  return directionsOf(labelled);
}

function firstOf<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Result | undefined,
): Result | undefined {
  for (const item of items) {
    const result = read(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function rounded(confidence: number): number {
  return Math.round(Math.min(1, Math.max(0, confidence)) * 1_000) / 1_000;
}

import type { ProposedDrug } from '../../../domain/events.ts';
import {
  analysisLinesMaxChars,
  analysisMaxDrugs,
  UnreadablePrescriptionError,
} from '../prescription-analyzer.ts';
import { isClinical } from './clinical.ts';
import { doubtsOfDocument } from './document-checks.ts';
import type { DocumentText } from './document-text.ts';
import type { Doubt } from './doubts.ts';
import { drugOf } from './drug.ts';
import { type Fate, Reader } from './reader.ts';
import type { Reading } from './reading.ts';
import { linesOf, type Segment } from './segments.ts';

/** What became of every part of every line, in the order of the document. */
export type Account = readonly { readonly segment: Segment; readonly fate: Fate }[];

/**
 * Reads the drugs in the text of a prescription by rules. Every word of the document is in a drug, in a line that is set aside or not understood, or in
 * a line about people, places and the document itself. Throws {@link UnreadablePrescriptionError} if the text has nothing of a
 * prescription, or too many drugs.
 */
export function readPrescription(document: DocumentText): Reading {
  return readWithAccount(document).reading;
}

/** Like {@link readPrescription}, with the account of all lines. */
export function readWithAccount(document: DocumentText): {
  readonly reading: Reading;
  readonly account: Account;
} {
  const lines = linesOf(document);
  const reader = new Reader();
  reader.read(lines);
  refuseMany(reader.blocks.filter((block) => !block.isAside).length);
  const drugs = drugsOf(reader);
  const account = lines
    .flat()
    .map((segment) => ({ segment, fate: reader.fates.get(segment) ?? 'not-understood' }));
  const setAside = textsOf(account, 'set-aside');
  const notUnderstood = textsOf(account, 'not-understood');
  refuse(
    drugs.length,
    setAside.length + notUnderstood.filter((text) => isClinical(text) || !isLatin(text)).length,
  );
  const kept = withinLimit(notUnderstood, setAside);
  const more = notUnderstood.length + setAside.length - kept.notUnderstood.length - kept.setAside.length;
  const confidence =
    notUnderstood.length > 0 || more > 0 || drugs.length === 0 ? 0 : Math.min(...drugs.map(leastOf));
  const texts = lines.map((cells) => cells.map(({ text }) => text).join(' '));
  const own = doubtsOfDocument(texts, drugs, setAside);
  const doubts = [...new Set([...document.doubts, ...reader.doubts, ...own, ...unclearLines(reader, drugs)])];
  return { reading: { confidence, drugs, ...kept, notUnderstoodMore: more, doubts }, account };
}

/** Directions below a complete drug can be those of a drug that has none. */
const unclearLines = (reader: Reader, drugs: readonly ProposedDrug[]): Doubt[] =>
  reader.blocks.some((block) => block.isExtended) && drugs.some(({ directions }) => directions === null)
    ? ['unclear-lines']
    : [];

const isLatin = (text: string) => !/[^\P{L}\p{Script=Latin}]/u.test(text);

/** The drugs to hand over. The lines of a block without a drug that fits are not understood. */
function drugsOf(reader: Reader): ProposedDrug[] {
  const drugs: ProposedDrug[] = [];
  for (const block of reader.blocks) {
    const drug = block.isAside ? undefined : drugOf(block);
    if (drug) drugs.push(drug);
    else
      for (const segment of reader.sourcesOf(block))
        reader.fates.set(segment, block.isAside ? 'set-aside' : 'not-understood');
  }
  const numbers = Map.groupBy(drugs, keyOf);
  return drugs.map((drug) =>
    // The same drug twice can be one order that is printed twice.
    (numbers.get(keyOf(drug))?.length ?? 0) > 1 ? { ...drug, doubts: [...drug.doubts, repeated] } : drug,
  );
}

const repeated: Doubt = 'repeated-drug';

const keyOf = ({ name, strength }: ProposedDrug) =>
  `${name}|${strength ?? ''}`.toLowerCase().replaceAll(' ', '');

function textsOf(account: Account, fate: Fate): string[] {
  return account.filter((one) => one.fate === fate).map(({ segment }) => segment.text);
}

/** Blocks can be no drugs in the end, but not so many. */
const blocksMax = 20 * analysisMaxDrugs;

function refuseMany(drugs: number, max = blocksMax): void {
  if (drugs > max) {
    throw new UnreadablePrescriptionError(
      `The prescription lists more than ${analysisMaxDrugs} drugs. Upload it in parts, or enter the drugs by hand.`,
    );
  }
}

function refuse(drugs: number, lines: number): void {
  refuseMany(drugs, analysisMaxDrugs);
  if (drugs === 0 && lines === 0) {
    throw new UnreadablePrescriptionError(
      'No drug was found in the document. Check that it is a prescription, or enter the drugs by hand.',
    );
  }
}

/** As many lines as an event can hold, those that are not understood first. */
function withinLimit(notUnderstood: readonly string[], setAside: readonly string[]) {
  let left = analysisLinesMaxChars;
  const fitting = (lines: readonly string[]) =>
    lines.filter((line) => {
      if (line.length > left) return false;
      left -= line.length;
      return true;
    });
  return { notUnderstood: fitting(notUnderstood), setAside: fitting(setAside) };
}

function leastOf({ confidence }: ProposedDrug): number {
  const parts = Object.values(confidence).filter((part) => part !== null);
  return Math.round(Math.min(...parts) * 1_000) / 1_000;
}

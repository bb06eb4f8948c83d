import type { Block } from './blocks.ts';
import { namesOf } from './clinical.ts';
import { isDirectionWord } from './direction-words.ts';
import { endsWithQualifier, formAt } from './forms.ts';
import { isKnownName } from './lexicon/lexicon.ts';
import { nothingOpen, type Piece } from './open-drug.ts';
import { scan } from './scan.ts';
import { type Segment, segmentOf } from './segments.ts';

/** A longer segment is not understood: no line of a prescription is so long. In UTF-16 units. */
const segmentMaxChars = 1_000;

/** A cell that ends in ":" is the label of the next cell. */
export function joinedLabels(cells: readonly Segment[]): { segment: Segment; cells: Segment[] }[] {
  const joined: { segment: Segment; cells: Segment[] }[] = [];
  for (const cell of cells) {
    const last = joined.at(-1);
    if (last?.segment.text.endsWith(':')) {
      last.cells.push(cell);
      last.segment = segmentOf([...last.segment.words, ...cell.words], cell.line, last.segment.cell);
    } else joined.push({ segment: cell, cells: [cell] });
  }
  return joined;
}

/** Too long, or with letters of another script than Latin: it cannot be understood. */
export const isUnreadable = (text: string) =>
  text.length > segmentMaxChars ||
  /(?![µμΩ])[^\P{L}\p{Script=Latin}]|(?![½¼¾⅓⅔⅛])[^\P{N}0-9]|\uFFFD/u.test(text.replace(/[ªº²³¹]/g, ''));

/** "At night:" can be the heading of the drugs below. The labels of fields are none: their value can be on the next line. */
export const isUnknownHeading = (text: string) =>
  /:$/.test(text) &&
  !/(?:^|[ ,])(?:sig|directions?|qty|quantity|disp(?:ense)?|supply|instructions?|dose|refills?|strength|form|label):$/i.test(
    text,
  );

export const isBareNumber = (text: string) => /^[^\p{L}]*$/u.test(text);

/** It states a quantity. */
export const isSupplied = (text: string) =>
  scan(text, nothingOpen).some(({ kind }) => kind === 'quantity') ||
  /\b(?:qty|quantity|disp)\b|# ?\d/i.test(text);

/** Words below a drug that name another drug are no directions for it: "change furosemide to 40 mg". Food can be both. */
export function namesOtherDrug(text: string, block: Block): boolean {
  const own = block.placed
    .filter(({ piece }) => piece.kind === 'name')
    .map((placed) => block.text(placed).toLowerCase());
  return namesOf(text).some((at) => {
    const name = /^[\p{L}-]+/u.exec(text.slice(at))?.[0].toLowerCase() ?? '';
    return !isDirectionWord(name) && !own.some((one) => one.includes(name));
  });
}

/** The first line ends in the middle of a strength, a form, a name or a label that the second continues. */
export const isBrokenOff = (above: string, below: string) =>
  /[/(–-]$| per$|(?:^|[ ,])(?:qty|quantity|disp(?:ense)?|supply|sig|refills?|#)[:.]?$/i.test(above) ||
  (/\d$/.test(above) &&
    /^(?:\/|%|(?:mg|mcg|ml|g|units?|iu|micrograms?|milligrams?|per|in)(?!\p{L}))/iu.test(below)) ||
  (/\d$/.test(above) && formAt(below, 0) !== undefined) ||
  (/(?:mg|mcg|micrograms?|units?|iu|g)$/i.test(above) && /^(?:\/|per(?!\p{L})|in \d)/iu.test(below)) ||
  (endsWithQualifier(above) && formAt(below, 0) !== undefined) ||
  (isKnownName(above.replace(/^[^\p{L}]{1,9}/u, '')) && /^[\p{Ll}\d]/u.test(below));

/** Each drug of the line is complete, and a mark separates it from the next. */
export function isClean(text: string, drugs: readonly (readonly Piece[])[]): boolean {
  return drugs
    .slice(1)
    .every((drug) => /[;,.|][ ]*(?:\d{1,2}[.)] *)?$/.test(text.slice(0, drug[0]?.start ?? 0)));
}

import { Block } from './blocks.ts';
import { hasDose, namesDrug } from './clinical.ts';
import type { Word } from './document-text.ts';
import { formAt } from './forms.ts';
import { hasHistory } from './history.ts';
import { knownNameAt, nameBeforeStrength, nameIn } from './names.ts';
import { nothingOpen, type Piece } from './open-drug.ts';
import { labelledQuantityAt } from './quantities.ts';
import { scan } from './scan.ts';
import type { Segment } from './segments.ts';
import { isAlarming, isProper } from './shapes.ts';
import { strengthAt } from './strengths.ts';
import { type Column, cellOf } from './table.ts';

/** A row of a table with the words that wrapped in its cells. */
export interface Row {
  /** The words of each column. */
  readonly cells: Word[][];
  readonly sources: Segment[];
}

/** Reads the drug of a row. Undefined: a cell is not understood. */
export function readRow(row: Row, columns: readonly Column[]): Block | undefined {
  const block = new Block();
  const line = row.sources[0]?.line ?? 0;
  const order = columns.map((column, index) => ({ column, index }));
  order.sort((one, other) => rank(one.column) - rank(other.column));
  for (const { column, index } of order) {
    const cell = cellOf(row.cells[index] ?? [], line, index);
    if (!cell || (isEmpty(cell.text) && column.kind !== 'quantity') || /^[-–—.]{1,5}$/.test(cell.text))
      continue;
    const pieces = readCell(cell, column, block);
    if (!pieces) return undefined;
    for (const piece of pieces) block.add(piece, cell);
  }
  return block.placed.some(({ piece }) => piece.kind === 'name') ? block : undefined;
}

const rank = ({ kind }: Column) => (kind === 'drug' ? 0 : 1);
const isEmpty = (text: string) => /^(?:[-–—.]{1,5}|n\/?a|nil|none)$/i.test(text);

function readCell(cell: Segment, { kind }: Column, block: Block): readonly Piece[] | undefined {
  const { text } = cell;
  switch (kind) {
    case 'drug':
      return drugPieces(text);
    case 'strength':
      return strengthPieces(text);
    case 'form':
      return formPieces(text);
    case 'quantity':
      return quantityPieces(text, block);
    case 'directions':
      if (/^[^\p{L}]*\d[^\p{L}]*$/u.test(text) && !/\d-\d-\d/.test(text))
        block.doubts.add('unclear-quantity');
      return [{ kind: 'directions', start: 0, end: text.length }];
    case 'status':
      block.isAside ||= hasHistory(text);
      if (!block.isAside && !plainStatus.test(text)) block.doubts.add('unclear-history');
      return whole(text);
    default:
      if (!hasShape(text, kind)) block.doubts.add('unclear-history');
      return whole(text);
  }
}

const whole = (text: string): Piece[] => [{ kind: 'known', start: 0, end: text.length }];

const plainStatus = /^(?:new|active|current|ongoing|continued?|unchanged|started|no change|yes|y)$/i;

/** Whether a cell that is not read has the shape that its heading promises. A date can be in the past, so a person must look. */
function hasShape(text: string, kind: Column['kind']): boolean {
  switch (kind) {
    case 'number':
      return /^[(#]?\d{1,3}[.)]?$/.test(text);
    case 'refills':
      return /^(?:\d{1,3}|none|no|nil)(?: days?)?$/i.test(text);
    case 'reason':
      return !isAlarming(text) && !hasDose(text) && !namesDrug(text);
    case 'person':
      return isProper(text) && !isAlarming(text) && !namesDrug(text);
    default:
      return false;
  }
}

function drugPieces(text: string): readonly Piece[] | undefined {
  const at = /^\d{1,2}[.)] ?/.exec(text)?.[0].length ?? 0;
  if (nameBeforeStrength(text, at) || knownNameAt(text, at)) return scan(text, nothingOpen);
  const name = nameIn(text, at, text.length);
  if (!name) return undefined;
  const pieces: Piece[] = [{ kind: 'name', start: name.start, end: name.end }];
  if (name.form)
    pieces.push({ kind: 'form', start: name.form.start, end: name.form.end, value: name.form.form });
  return pieces;
}

function strengthPieces(text: string): readonly Piece[] | undefined {
  const strength = strengthAt(text, 0);
  if (!strength) return undefined;
  const pieces: Piece[] = [{ kind: 'strength', start: 0, end: strength.end }];
  if (strength.end === text.length) return pieces;
  const form = formAt(text, strength.end + 1);
  if (form?.end !== text.length) return undefined;
  return [...pieces, { kind: 'form', start: form.start, end: form.end, value: form.form }];
}

function formPieces(text: string): readonly Piece[] | undefined {
  const form = formAt(text, 0);
  return form?.end === text.length
    ? [{ kind: 'form', start: 0, end: text.length, value: form.form }]
    : undefined;
}

/** In its own column, a number is a quantity whatever is counted. The whole cell must be the quantity. */
function quantityPieces(text: string, block: Block): readonly Piece[] | undefined {
  const label = 'qty ';
  const found = labelledQuantityAt(label + text, 0);
  const isWhole = found && found.end === label.length + text.length;
  if (!found || !isWhole) return undefined;
  // A pack can have any number of pieces.
  if (/\b(?:box(?:es)?|packs?|packets?|op|bottles?|kits?|containers?)\b/i.test(text))
    block.doubts.add('unclear-quantity');
  return [
    {
      kind: 'quantity',
      start: 0,
      end: text.length,
      quantity: found.quantity,
      isUnclear: false,
      ...(found.form && { form: found.form }),
    },
  ];
}

import { Block } from './blocks.ts';
import type { Word } from './document-text.ts';
import { formAt } from './forms.ts';
import { hasHistory } from './history.ts';
import { knownNameAt, nameBeforeStrength, nameIn } from './names.ts';
import { labelledQuantityAt, packAt, plainQuantityAt } from './quantities.ts';
import { nothingOpen, type Piece, scan } from './scan.ts';
import type { Segment } from './segments.ts';
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
    if (!cell || isEmpty(cell.text)) continue;
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
      return quantityPieces(text);
    case 'directions':
      return scan(text, { ...block.open, isOpen: true, hasDirections: true, hasQuantity: true });
    case 'status':
      block.isAside ||= hasHistory(text);
      return [{ kind: 'known', start: 0, end: text.length }];
    default:
      return [{ kind: 'known', start: 0, end: text.length }];
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

function formPieces(text: string): readonly Piece[] {
  const form = formAt(text, 0);
  return [
    {
      kind: 'form',
      start: 0,
      end: text.length,
      value: form?.end === text.length ? form.form : text.toLowerCase(),
    },
  ];
}

/** In its own column, a number is a quantity whatever is counted. */
function quantityPieces(text: string): readonly Piece[] | undefined {
  const found =
    plainQuantityAt(text, 0) ?? labelledQuantityAt(text, 0) ?? labelledQuantityAt(`qty ${text}`, 0);
  if (!found)
    return packAt(text, 0)?.end === text.length ? [{ kind: 'known', start: 0, end: text.length }] : undefined;
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

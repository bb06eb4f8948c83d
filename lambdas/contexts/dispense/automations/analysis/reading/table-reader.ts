import { hasDose } from './clinical.ts';
import { formAt } from './forms.ts';
import { heading, labelled } from './furniture.ts';
import { isAsideHeading } from './history.ts';
import { longestNameAt } from './lexicon/lexicon.ts';
import { knownPhraseAt } from './quantities.ts';
import type { Segment } from './segments.ts';
import { isFurniture } from './shapes.ts';
import { findStrength, strengthAt } from './strengths.ts';
import { type Column, columnsOf, isOddHeader, rowOf } from './table.ts';
import type { Row } from './table-row.ts';

/** What a line is to a table: its header, a part of a row (perhaps of the row before it), or nothing of it. */
export type TableLine = 'header' | 'odd-header' | 'row' | 'none';

/** Collects the lines of a table to rows. A row ends where the next begins, because words wrap in cells. */
export class TableReader {
  readonly #onRow: (row: Row, columns: readonly Column[]) => void;
  #columns: readonly Column[] | undefined;
  #row: Row | undefined;

  constructor(onRow: (row: Row, columns: readonly Column[]) => void) {
    this.#onRow = onRow;
  }

  line(cells: readonly Segment[]): TableLine {
    const columns = columnsOf(cells);
    if (columns) {
      this.end();
      this.#columns = columns;
      return 'header';
    }
    if (isOddHeader(cells)) {
      this.end();
      return 'odd-header';
    }
    if (!this.#columns) return 'none';
    const text = cells.map((cell) => cell.text).join(' ');
    if (isAsideHeading(text) || heading.test(text) || isNote(cells[0]?.text ?? '', cells.length)) {
      this.end();
      return 'none';
    }
    return this.#add(cells, this.#columns) ? 'row' : 'none';
  }

  /** Ends the table. */
  end(): void {
    this.#endRow();
    this.#columns = undefined;
  }

  #add(cells: readonly Segment[], columns: readonly Column[]): boolean {
    const row = rowOf(cells, columns);
    const drug = row && textOf(row, columns);
    if (!row || (drug === '' && !this.#row)) {
      this.#endRow();
      return false;
    }
    if (
      this.#row &&
      continuesRow(drug ?? '', textOf(this.#row.cells, columns)) &&
      !this.#isOwnRow(row, columns)
    ) {
      for (const [index, words] of row.entries()) this.#row.cells[index]?.push(...words);
      this.#row.sources.push(...cells);
    } else {
      this.#endRow();
      this.#row = { cells: row, sources: [...cells] };
    }
    return true;
  }

  /** A line with a quantity of its own, below a row that has one, is a row. */
  #isOwnRow(row: Row['cells'], columns: readonly Column[]): boolean {
    const at = columns.findIndex(({ kind }) => kind === 'quantity');
    return (row[at]?.length ?? 0) > 0 && (this.#row?.cells[at]?.length ?? 0) > 0;
  }

  #endRow(): void {
    const row = this.#row;
    this.#row = undefined;
    if (row && this.#columns) this.#onRow(row, this.#columns);
  }
}

function textOf(row: Row['cells'], columns: readonly Column[]): string {
  const words = row[columns.findIndex(({ kind }) => kind === 'drug')] ?? [];
  return words.map((word) => word.text).join(' ');
}

/** The drug column of a line that belongs to the row above: nothing, a form, a strength that the row lacks, or words in small letters. */
function continuesRow(drug: string, above: string): boolean {
  if (drug === '' || formAt(drug, 0)?.end === drug.length) return true;
  if (findStrength(above, 0) && (strengthAt(drug, 0) || longestNameAt(drug, 0) > 0)) return false;
  return /^(?:\p{Ll}{2,}[ -]|\p{Ll}+$|\(|\d+(?:[.,]\d+)? ?(?:mg|mcg|g|micrograms?|%)|\[)/u.test(drug);
}

/** A line below a table that is no row. */
const isNote = (first: string, cells: number) =>
  knownPhraseAt(first, 0) === first.length ||
  (labelled.test(first) && !hasDose(first)) ||
  (cells === 1 && isFurniture(first, false));

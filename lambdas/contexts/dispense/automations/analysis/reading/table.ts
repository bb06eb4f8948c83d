import type { Word } from './document-text.ts';
import { type Segment, segmentOf } from './segments.ts';

export type ColumnKind =
  | 'drug'
  | 'strength'
  | 'form'
  | 'quantity'
  | 'directions'
  | 'number'
  | 'refills'
  | 'reason'
  | 'person'
  | 'date'
  | 'status';

/** A column of a table, with its place. */
export interface Column {
  readonly kind: ColumnKind;
  readonly left: number;
  readonly right: number;
}

const kinds: readonly (readonly [ColumnKind, RegExp])[] = [
  [
    'drug',
    /^(?:name of )?(?:the )?(?:drugs?|medications?|medicines?|items?|products?|preparations?|name|description|arzneimittel|médicament)(?: ?(?:name|prescribed|supplied|details|\/ ?strength|\/ ?form|&|and|strength|form|,|\(.{1,30}\)))*$/i,
  ],
  ['strength', /^(?:strength|str\.?|stärke|dosage strength|potency)(?: ?(?:and|&|\/) ?form)?$/i],
  ['form', /^(?:form|formulation|dosage form|presentation|dose form|type)$/i],
  [
    'quantity',
    /^(?:qty|quantity|qty\.|quantity (?:supplied|to supply|dispensed|prescribed)|qty supplied|supply|no\.? supplied|disp(?:ense)?|menge|quantité|tta qty)$/i,
  ],
  [
    'directions',
    /^(?:directions?|instructions?|sig|amount|dose|dosage|dosing|freq(?:uency)?|frequency|route|duration|how to take|when to take|administration|directions for use|dose (?:and|&|\/) ?(?:frequency|directions)|dosage instructions|course length|length|days|timing|comments?|notes?|remarks?|special instructions|additional instructions|further information|posologie|dosierung|when)$/i,
  ],
  ['number', /^(?:no|no\.|nr|nr\.|sr|sr\.|sr\.? no\.?|s\.? ?no\.?|sl\.? ?no\.?|item no\.?|line|rx|code|#)$/i],
  ['refills', /^(?:refills?|repeats?|rpts?|days'? supply)$/i],
  ['reason', /^(?:indication|reason|indication \/ reason)$/i],
  ['person', /^(?:prescriber|initials|pharmacy)$/i],
  ['date', /^(?:start|start date|end date|stop date|date|last dose|review|given|given by|administered)$/i],
  [
    'status',
    /^(?:gp to continue\??|continue\??|supply source|source|supply from|status|change|changes|action|new\/changed\/unchanged|new or changed|plan|medication status)$/i,
  ],
];

/** The columns of a table, if these cells are its header. */
export function columnsOf(cells: readonly Segment[]): Column[] | undefined {
  const columns = withoutBars(cells).map((cell, index) => ({
    kind: kindAt(cell.text, index),
    left: cell.left,
    right: cell.right,
  }));
  const isHeader =
    columns.length >= 2 && columns.every(isKnownColumn) && columns.some((column) => column.kind === 'drug');
  return isHeader ? columns.filter(isKnownColumn) : undefined;
}

const isKnownColumn = (column: { readonly kind: ColumnKind | undefined }): column is Column =>
  column.kind !== undefined;

/** Lines are numbered in the first column. A number in another one can be how many are taken. */
function kindAt(text: string, index: number): ColumnKind | undefined {
  const kind = kindOf(text);
  return kind === 'number' && index > 0 ? 'directions' : kind;
}

function kindOf(text: string): ColumnKind | undefined {
  const label = text.replace(/[:.]$/, '');
  return kinds.find(([, pattern]) => pattern.test(label))?.[0];
}

/** The header of a table with columns that are not known: what stands in them is not understood. */
export function isOddHeader(cells: readonly Segment[]): boolean {
  const full = withoutBars(cells);
  return (
    full.length >= 3 &&
    /^(?:drugs?|medications?|medicines?|arzneimittel|médicament|wirkstoff)(?: name)?$/i.test(
      full[0]?.text ?? '',
    )
  );
}

/** The cells without those that only draw lines between columns. */
const withoutBars = (cells: readonly Segment[]) =>
  cells.filter((cell) => /[\p{L}\p{N}]|^(?:[-–—]{1,2}|#)$/u.test(cell.text));

/** The words of each column, in the order of the columns. Undefined if the cells do not fit the columns. */
export function rowOf(cells: readonly Segment[], columns: readonly Column[]): Word[][] | undefined {
  const full = withoutBars(cells);
  if (full.length === columns.length) return full.map((cell) => [...cell.words]);
  const row: Word[][] = columns.map(() => []);
  for (const cell of full) {
    const parts = partsOf(cell, columns);
    if (!parts) return undefined;
    for (const [index, words] of parts) row[index]?.push(...words);
  }
  return row;
}

/** The words of a cell by column. A cell that reaches over the next column is split where that column begins. */
function partsOf(cell: Segment, columns: readonly Column[]): Map<number, Word[]> | undefined {
  const parts = new Map<number, Word[]>();
  let at = columnAt(cell.left, cell.right, columns);
  if (at < 0) return undefined;
  for (const word of cell.words) {
    const next = columns.findIndex((column, index) => index > at && Math.abs(column.left - word.left) <= 1);
    if (next > 0) at = next;
    parts.set(at, [...(parts.get(at) ?? []), word]);
  }
  const last = columns[at + 1];
  // It reaches into a column without beginning there: it is no cell of this table.
  return last && cell.right > last.left + 2 ? undefined : parts;
}

function columnAt(left: number, right: number, columns: readonly Column[]): number {
  const begins = columns.findIndex((column) => Math.abs(column.left - left) <= 1.5);
  if (begins >= 0) return begins;
  const overlap = columns.findIndex((column) => left < column.right && right > column.left);
  if (overlap >= 0) return overlap;
  return columns.findLastIndex((column) => column.left <= left);
}

/** One segment of the words of a column. Undefined for an empty cell. */
export function cellOf(words: readonly Word[], line: number, column: number): Segment | undefined {
  return words.length === 0 ? undefined : segmentOf(words, line, column);
}

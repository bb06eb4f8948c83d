import { Block, type Placed, splitByDrug } from './blocks.ts';
import { hasDose, isLikeDirections, namesDrug } from './clinical.ts';
import type { Doubt } from './doubts.ts';
import { heading, labelled, personLabel } from './furniture.ts';
import { hasHistory, historyOf, isAsideHeading, isNoAllergy } from './history.ts';
import {
  isBareNumber,
  isBrokenOff,
  isClean,
  isSupplied,
  isUnknownHeading,
  isUnreadable,
  joinedLabels,
  namesOtherDrug,
} from './line-kinds.ts';
import { nothingOpen, type Piece } from './open-drug.ts';
import { scan } from './scan.ts';
import { type Segment, segmentOf } from './segments.ts';
import { isFurniture } from './shapes.ts';
import { findStrength } from './strengths.ts';
import type { Column } from './table.ts';
import { TableReader } from './table-reader.ts';
import { type Row, readRow } from './table-row.ts';
import { unknownWords } from './unknown-words.ts';

/** What became of a segment of the document. */
export type Fate = 'drug' | 'set-aside' | 'not-understood' | 'furniture';

/** No drug has more lines. The next are not understood. */
const blockMaxSegments = 50;
/** Segments after these are not understood. */
const segmentsMax = 20_000;

/** Reads the lines of a document from top to bottom and accounts for each of them. */
export class Reader {
  readonly blocks: Block[] = [];
  readonly fates = new Map<Segment, Fate>();
  readonly doubts = new Set<Doubt>();
  #current: Block | undefined;
  /** A line that is no part of the drug stands below it. */
  #isClosed = false;
  /** Furniture stands in a list of drugs that are set aside: the list can have ended. */
  #isInterrupted = false;
  #section: 'normal' | 'aside' | 'allergies' = 'normal';
  readonly #table = new TableReader((row, columns) => this.#rowOf(row, columns));
  /** Drugs that begin in one line, in columns of a page. The last is the current one. */
  #beside: readonly Block[] = [];
  /** The drugs that the segment at hand is about. */
  readonly #touched = new Set<Block>();
  /** The text of the segment after the one at hand. */
  #next = '';
  readonly #sources = new Map<Block, Segment[]>();

  /** The segments of the document that a drug was read in. */
  sourcesOf(block: Block): readonly Segment[] {
    return this.#sources.get(block) ?? [];
  }

  read(lines: readonly (readonly Segment[])[]): void {
    for (const [index, cells] of lines.entries()) this.#line(cells, lines[index + 1]?.[0]?.text ?? '');
    this.#table.end();
  }

  #line(cells: readonly Segment[], below: string): void {
    const isReadable = !cells.some((cell) => isUnreadable(cell.text));
    const line = isReadable ? this.#table.line(cells) : 'none';
    if (line === 'header') {
      this.#section = 'normal';
      this.#set(cells, 'furniture');
    }
    if (line === 'odd-header') this.#set(cells, 'not-understood');
    if (line !== 'none') return;
    const joined = joinedLabels(cells);
    for (const [index, cell] of joined.entries()) {
      this.#next = joined[index + 1]?.segment.text ?? below;
      this.#segment(cell.segment, cell.cells);
    }
  }

  #rowOf(row: Row, columns: readonly Column[]): void {
    const block = readRow(row, columns);
    if (!block) {
      this.#set(row.sources, 'not-understood');
      return;
    }
    const drug = row.cells[columns.findIndex(({ kind }) => kind === 'drug')] ?? [];
    if (hasHistory(drug.map((word) => word.text).join(' '))) block.doubts.add('unclear-history');
    block.isAside ||= this.#section !== 'normal';
    this.#from(block, row.sources);
    this.#set(row.sources, block.isAside ? 'set-aside' : 'drug');
    this.#start(block);
  }

  #start(block: Block): void {
    const line = block.segments[0]?.line ?? -1;
    const isBeside = this.#current?.segments[0]?.line === line;
    this.#beside = isBeside ? [...this.#beside, block] : [block];
    if (isBeside && block.segments[0] !== this.#current?.segments[0]) this.doubts.add('side-by-side');
    this.#current = block;
    this.#isClosed = false;
    if (block.isAside) return;
    this.blocks.push(block);
  }

  #set(cells: readonly Segment[], fate: Fate): true {
    for (const cell of cells) this.fates.set(cell, fate);
    return true;
  }

  #segment(segment: Segment, sources: readonly Segment[]): void {
    this.#touched.clear();
    this.#current = this.#inColumn(segment) ?? this.#current;
    this.#set(sources, this.#joinedToLineAbove(segment) ?? this.#fateOf(segment));
    for (const block of this.#touched) this.#from(block, sources);
  }

  /** A line that wrapped in the middle of a number, a form or a name is read together with the line above. */
  #joinedToLineAbove(segment: Segment): Fate | undefined {
    const block = this.#current;
    const above = block?.segments.at(-1);
    if (!block || !above || above.line !== segment.line - 1 || !isBrokenOff(above.text, segment.text))
      return undefined;
    if (this.blocks.some((other) => other !== block && other.segments.includes(above)))
      return this.#notUnderstood();
    const whole = segmentOf([...above.words, ...segment.words], segment.line, above.cell);
    if (block.segments.length > 1) {
      block.remove(above);
      return this.#drugLine(whole);
    }
    const sources = this.sourcesOf(block);
    this.blocks.splice(this.blocks.indexOf(block), this.blocks.includes(block) ? 1 : 0);
    this.#current = undefined;
    this.#beside = [];
    const fate = this.#fateOf(whole);
    for (const begun of this.#touched) this.#from(begun, sources);
    this.#set(sources, fate);
    return fate;
  }

  /** The drug above in the same column of the page, if drugs stand beside each other. */
  #inColumn({ left, line }: Segment): Block | undefined {
    if (this.#beside.length < 2 || this.#beside.some(({ segments }) => segments[0]?.line === line))
      return undefined;
    return this.#beside.findLast(({ segments }) => (segments[0]?.left ?? 0) <= left + 1.5);
  }

  #from(block: Block, sources: readonly Segment[]): void {
    this.#sources.set(block, [...(this.#sources.get(block) ?? []), ...sources]);
  }

  #fateOf(segment: Segment): Fate {
    const { text } = segment;
    if (!/[\p{L}\p{N}\p{S}\uFFFD?☐☑✓✗]/u.test(text)) return 'furniture';
    if (this.fates.size >= segmentsMax || isUnreadable(text)) return this.#notUnderstood();
    const isInDrug = this.#current?.segments.at(-1)?.line === segment.line;
    const headed = isInDrug || this.#isUnfinished() ? undefined : this.#heading(text);
    if (headed) return headed;
    if (this.#section !== 'normal') return this.#asideLine(text);
    const history = this.#history(segment);
    if (history) return history;
    if (this.#isUnfinished() || this.#continuesDirections(text)) return this.#drugLine(segment);
    // Above the drugs it can be the quantity of one.
    if (!this.#current && /^[^\p{L}\p{N}]{0,5}\d{1,4}[^\p{L}\p{N}]{0,5}$/u.test(text))
      return this.#notUnderstood();
    if (isFurniture(text, this.#current !== undefined && !this.#isClosed)) return this.#furniture(text);
    if (labelled.test(text) && !/^(?:name|form)\b ?:/i.test(text)) return this.#notUnderstood();
    return this.#drugLine(segment);
  }

  #heading(text: string): Fate | undefined {
    if (isAsideHeading(text)) {
      this.#section = /allerg|reaction|intoleran/i.test(text) ? 'allergies' : 'aside';
      if (/admission/i.test(text)) this.doubts.add('several-lists');
    } else if (heading.test(text)) this.#section = 'normal';
    else return undefined;
    this.#isInterrupted = false;
    return this.#furniture(text);
  }

  /** Directions can go on below the number of a page, and below no other line of this kind. */
  #furniture(text: string): Fate {
    this.#isClosed ||= !/^\W*page \d/i.test(text);
    return 'furniture';
  }

  #notUnderstood(): Fate {
    this.#current?.doubts.add('not-understood');
    return 'not-understood';
  }

  /** A line below a heading such as "Stopped medicines" or "Allergies". Only a heading ends such a list for sure. */
  #asideLine(text: string): Fate {
    const isAllergies = this.#section === 'allergies';
    if (isFurniture(text, false) || (isAllergies && isNoAllergy(text))) {
      if (isAllergies) this.#section = 'normal';
      this.#isInterrupted = true;
      return this.#furniture(text);
    }
    this.#current = undefined;
    if (isAllergies ? hasDose(text) : this.#isUnclearInList(text)) this.doubts.add('unclear-history');
    return 'set-aside';
  }

  /** A stopped drug has no quantity. What is no drug and no directions can be the heading of the next list. */
  #isUnclearInList(text: string): boolean {
    if (this.#isInterrupted || isSupplied(text)) return true;
    const isAboutDrug = namesDrug(text) || findStrength(text, 0) !== undefined || isLikeDirections(text);
    return !isAboutDrug || text.trimEnd().endsWith(':');
  }

  /** A line that says of a drug that it is not to be handed over. Undefined: it does not. */
  #history({ text }: Segment): Fate | undefined {
    const history = historyOf(text);
    switch (history) {
      case 'none':
        return undefined;
      case 'furniture':
        return this.#furniture(text);
      case 'unclear':
        return this.#notUnderstood();
      case 'above':
        return this.#historyOfCurrent(text);
      case 'aside':
        this.#current = new Block();
        this.#current.isAside = true;
        this.#isClosed = false;
        return 'set-aside';
      case 'allergy':
        return 'set-aside';
      default:
        return history satisfies never;
    }
  }

  /** "STOPPED on 3 May" below a drug. */
  #historyOfCurrent(text: string): Fate | undefined {
    if (
      isLikeDirections(text) &&
      !/^[^\p{L}]{0,5}(?:stopped|discontinued|withheld|on hold|ceased|suspended|cancelled)/iu.test(text)
    )
      return undefined;
    if (!this.#current || text.split(' ').length > 8) return this.#notUnderstood();
    this.doubts.add('unclear-history');
    this.#current.isAside = true;
    return 'set-aside';
  }

  #drugLine(segment: Segment): Fate {
    const merged = this.#mergedWithCellAbove(segment);
    if (merged) return merged;
    const block = this.#current;
    const pieces = scan(segment.text, block ? { ...block.open, isOpen: true } : nothingOpen, this.#next);
    const { before, drugs } = splitByDrug(pieces);
    if (drugs.length === 0) return this.#continuation(segment, before);
    const fate = before.length > 0 ? this.#continuation(segment, before) : 'drug';
    for (const drug of drugs) this.#begin(segment, drug);
    if (drugs.length > 1 && !isClean(segment.text, drugs)) this.#current?.doubts.add('several-drugs');
    return fate === 'not-understood' ? fate : 'drug';
  }

  /** Words that wrapped can look like an address or a label: "close to bedtime", "review by the doctor". */
  #continuesDirections(text: string): boolean {
    const isInDrug = this.#current !== undefined && !this.#isClosed && !text.includes(':');
    if (!isInDrug || !/\p{L}{2}/u.test(text)) return false;
    return /^\p{Ll}/u.test(text) || unknownWords(text, new Set()).length === 0;
  }

  #isUnfinished(): boolean {
    return this.#current?.open.isUnfinished ?? false;
  }

  #begin(segment: Segment, pieces: readonly Piece[]): void {
    const block = new Block();
    for (const piece of pieces) block.add(piece, segment);
    this.#touched.add(block);
    // Another column of the page: its lines can be those of a drug beside it.
    if (segment.cell > 0) this.doubts.add('side-by-side');
    this.#start(block);
  }

  #continuation(segment: Segment, pieces: readonly Piece[]): Fate {
    const { text } = segment;
    const block = this.#current;
    if (block && block.segments.length >= blockMaxSegments) return this.#notUnderstood();
    if (!block || namesOtherDrug(text, block) || isUnknownHeading(text)) return this.#notUnderstood();
    // "GP to double in two weeks" is an order to somebody else.
    if (!block.open.isUnfinished && personLabel.test(text) && text.includes(' '))
      return this.#notUnderstood();
    const runs = pieces.filter(({ kind }) => kind === 'directions');
    const isOdd = runs.some(({ start, end }) => !isLikeDirections(text.slice(start, end)));
    const isLate = this.#isClosed && (block.open.hasDirections ? runs.length > 0 : isBareNumber(text));
    if (isOdd || isLate || pieces.length === 0) return this.#notUnderstood();
    if (runs.length > 0 && block.open.hasDirections && block.open.hasQuantity) block.isExtended = true;
    // In a row of cells, a small number can be how many are taken.
    if (segment.cell > 0 && /^\d$/.test(text)) block.doubts.add('unclear-quantity');
    if (block.isAside && pieces.some(({ kind }) => kind === 'quantity')) this.doubts.add('unclear-history');
    for (const piece of pieces) block.add(piece, segment);
    this.#touched.add(block);
    return block.isAside ? 'set-aside' : 'drug';
  }

  /** Words that wrapped in a column without a header join the cell above them. */
  #mergedWithCellAbove(segment: Segment): Fate | undefined {
    const block = this.#current;
    if (!block || this.#isClosed) return undefined;
    const above = block.segments.find(
      (own) =>
        own.cell > 0 &&
        Math.abs(own.left - segment.left) <= 1 &&
        own.line < segment.line &&
        block.segments.every(({ line }) => line <= own.line || line === segment.line),
    );
    if (!above) return undefined;
    const { placed } = block;
    const kinds = placed.filter((one: Placed) => one.segment === above).map(({ piece }) => piece.kind);
    if (
      !kinds.every((kind) => kind === 'directions') ||
      splitByDrug(scan(segment.text, nothingOpen)).drugs.length > 0
    )
      return undefined;
    const whole = segmentOf([...above.words, ...segment.words], segment.line, above.cell);
    block.remove(above);
    for (const piece of scan(whole.text, block.open)) block.add(piece, whole);
    this.#touched.add(block);
    return block.isAside ? 'set-aside' : 'drug';
  }
}

import { Block, type Placed, splitByDrug } from './blocks.ts';
import { hasDose, isClinical, isLikeDirections, namesDrug, namesOf } from './clinical.ts';
import { isDirectionWord } from './direction-words.ts';
import type { Doubt } from './doubts.ts';
import { endsWithQualifier, formAt } from './forms.ts';
import { heading, isOnlyResults, isPlace, labelled, personLabel, withoutPlainNumbers } from './furniture.ts';
import { hasHistory, historyOf, isAsideHeading, isNoAllergy } from './history.ts';
import { isKnownName } from './lexicon/lexicon.ts';
import { nothingOpen, type Piece, scan, unknownWords } from './scan.ts';
import { type Segment, segmentOf } from './segments.ts';
import type { Column } from './table.ts';
import { TableReader } from './table-reader.ts';
import { type Row, readRow } from './table-row.ts';

/** What became of a segment of the document. */
export type Fate = 'drug' | 'set-aside' | 'not-understood' | 'furniture';

/** A longer segment is not understood: no line of a prescription is so long. In UTF-16 units. */
const segmentMaxChars = 1_000;
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
    this.#current = block;
    this.#isClosed = false;
    if (!block.isAside) this.blocks.push(block);
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
    if (!/[\p{L}\p{N}\p{S}\uFFFD]/u.test(text)) return 'furniture';
    if (this.fates.size >= segmentsMax || isUnreadable(text)) return this.#notUnderstood();
    const isInDrug = this.#current?.segments.at(-1)?.line === segment.line;
    const headed = isInDrug || this.#isUnfinished() ? undefined : this.#heading(text);
    if (headed) return headed;
    if (this.#section !== 'normal') return this.#asideLine(text);
    const history = this.#history(segment);
    if (history) return history;
    const isInside = this.#continuesDirections(text);
    if (!isInside && isFurniture(text)) return this.#furniture();
    if (!isInside && labelled.test(text) && !/^(?:name|form|date|repeat)\b/i.test(text))
      return this.#notUnderstood();
    return this.#drugLine(segment);
  }

  #heading(text: string): Fate | undefined {
    if (isAsideHeading(text)) {
      this.#section = /allerg|reaction|intoleran/i.test(text) ? 'allergies' : 'aside';
      if (/admission/i.test(text)) this.doubts.add('several-lists');
    } else if (heading.test(text)) this.#section = 'normal';
    else return undefined;
    return this.#furniture();
  }

  #furniture(): Fate {
    this.#isClosed = true;
    return 'furniture';
  }

  #notUnderstood(): Fate {
    this.#current?.doubts.add('not-understood');
    return 'not-understood';
  }

  /** A line below a heading such as "Stopped medicines" or "Allergies". */
  #asideLine(text: string): Fate {
    if (isNoAllergy(text)) {
      this.#section = 'normal';
      return 'furniture';
    }
    if (isFurniture(text) && !isClinical(text)) {
      this.#section = 'normal';
      return this.#furniture();
    }
    // An allergy has no directions and no quantity: the list of drugs may have begun.
    const isSupplied =
      scan(text, nothingOpen).some(({ kind }) => kind === 'quantity') ||
      /\b(?:qty|quantity|disp)\b/i.test(text);
    if (isSupplied || (this.#section === 'allergies' && hasDose(text))) this.doubts.add('unclear-history');
    this.#current = undefined;
    return 'set-aside';
  }

  /** A line that says of a drug that it is not to be handed over. Undefined: it does not. */
  #history({ text }: Segment): Fate | undefined {
    const history = historyOf(text);
    switch (history) {
      case 'none':
        return undefined;
      case 'furniture':
        return this.#furniture();
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
    this.#start(block);
  }

  #continuation(segment: Segment, pieces: readonly Piece[]): Fate {
    const { text } = segment;
    const block = this.#current;
    if (block && block.segments.length >= blockMaxSegments) return this.#notUnderstood();
    if (!block) return isClinical(text) ? this.#notUnderstood() : this.#furniture();
    if (namesOtherDrug(text, block)) return this.#notUnderstood();
    const runs = pieces.filter(({ kind }) => kind === 'directions');
    const isOdd = runs.some(({ start, end }) => !isLikeDirections(text.slice(start, end)));
    if (isOdd || (runs.length > 0 && this.#isClosed && isProse(text))) {
      if ((this.#isClosed || isPersonName(text)) && !isClinical(text)) return this.#furniture();
      return this.#notUnderstood();
    }
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

/** A cell that ends in ":" is the label of the next cell. */
function joinedLabels(cells: readonly Segment[]): { segment: Segment; cells: Segment[] }[] {
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
const isUnreadable = (text: string) =>
  text.length > segmentMaxChars ||
  /(?![µμΩ])[^\P{L}\p{Script=Latin}]|(?![½¼¾⅓⅔⅛])[^\P{N}0-9]|\uFFFD/u.test(text.replace(/[ªº²³¹]/g, ''));

/** Lines about people, places, dates, results and the document itself. */
export function isFurniture(text: string): boolean {
  if (isOnlyResults(text)) return true;
  const rest = withoutPlainNumbers(text);
  if (labelled.test(text)) return !hasDose(rest) && (personLabel.test(text) || !namesDrug(rest));
  if (isPlace(text)) return !hasDose(rest) && !namesDrug(rest);
  return !/[\p{L}\p{N}]/u.test(rest);
}

/** Words that can be directions or a remark for people: no number, no dose, and longer than a phrase. */
const isProse = (text: string) => !/\d/.test(text) && !hasDose(text) && text.split(' ').length > 6;

/** Words below a drug that name another drug are no directions for it: "change furosemide to 40 mg". Food can be both. */
function namesOtherDrug(text: string, block: Block): boolean {
  const own = block.placed
    .filter(({ piece }) => piece.kind === 'name')
    .map((placed) => block.text(placed).toLowerCase());
  return namesOf(text).some((at) => {
    const name = /^[\p{L}-]+/u.exec(text.slice(at))?.[0].toLowerCase() ?? '';
    return !isDirectionWord(name) && !own.some((one) => one.includes(name));
  });
}

/** The first line ends in the middle of a strength, a form, a name or a label that the second continues. */
const isBrokenOff = (above: string, below: string) =>
  /[/(–-]$| per$|(?:^|[ ,])(?:qty|quantity|disp(?:ense)?|supply|sig|refills?|#)[:.]?$/i.test(above) ||
  (/\d$/.test(above) &&
    /^(?:\/|%|(?:mg|mcg|ml|g|units?|iu|micrograms?|milligrams?|per|in)(?!\p{L}))/iu.test(below)) ||
  (/\d$/.test(above) && formAt(below, 0) !== undefined) ||
  (/(?:mg|mcg|micrograms?|units?|iu|g)$/i.test(above) && /^(?:\/|per(?!\p{L})|in \d)/iu.test(below)) ||
  (endsWithQualifier(above) && formAt(below, 0) !== undefined) ||
  (isKnownName(above.replace(/^[^\p{L}]{1,9}/u, '')) && /^[\p{Ll}\d]/u.test(below));

/** "Jane Smith", "Midwife: G. Smith". */
const isPersonName = (text: string) =>
  /^(?:\p{L}[\p{L} ]{2,30}: ?)?\p{Lu}[\p{Ll}'’-]*\.?(?:,? \p{Lu}[\p{L}'’-]*\.?){1,3}$/u.test(text) &&
  /\p{Ll}/u.test(text);

/** Each drug of the line is complete, and a mark separates it from the next. */
function isClean(text: string, drugs: readonly (readonly Piece[])[]): boolean {
  return drugs
    .slice(1)
    .every((drug) => /[;,.|][ ]*(?:\d{1,2}[.)] *)?$/.test(text.slice(0, drug[0]?.start ?? 0)));
}

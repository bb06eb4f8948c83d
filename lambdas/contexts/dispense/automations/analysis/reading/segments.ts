import type { DocumentText, TextLine, Word } from './document-text.ts';

/** Words that stand together in a line: a whole line, or one cell of it. */
export interface Segment {
  /** The words with one space between them, in Unicode NFC. Characters that no text may have are U+FFFD. */
  readonly text: string;
  readonly words: readonly Word[];
  /** Where each word begins in `text`. */
  readonly starts: readonly number[];
  /** The number of the line in the document, from 0. */
  readonly line: number;
  /** The number of the segment in its line, from 0. */
  readonly cell: number;
  readonly left: number;
  readonly right: number;
}

/** The gap between two words from which they are in two cells, in average characters. */
const cellGap = 2;

const forbidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu;

/** The cells of every line of the document, from top to bottom. */
export function linesOf(document: DocumentText): Segment[][] {
  return document.pages.flat().map((line, number) => cellsOf(line, number));
}

function cellsOf({ words }: TextLine, line: number): Segment[] {
  const cells: Word[][] = [];
  for (const word of words) {
    const cell = cells.at(-1);
    const before = cell?.at(-1);
    const isBar = /^[|¦│]+$/.test(word.text) || /^[|¦│]+$/.test(before?.text ?? '');
    if (cell && before && !isBar && word.left - before.right < cellGap) cell.push(word);
    else cells.push([word]);
  }
  return cells.map((cell, index) => segmentOf(cell, line, index));
}

/** A segment of these words. There is at least one. */
export function segmentOf(words: readonly Word[], line: number, cell = 0): Segment {
  const starts: number[] = [];
  let text = '';
  for (const word of words) {
    if (text !== '') text += ' ';
    starts.push(text.length);
    text += word.text.normalize('NFC').replaceAll(forbidden, '\uFFFD');
  }
  return { text, words, starts, line, cell, left: words[0]?.left ?? 0, right: words.at(-1)?.right ?? 0 };
}

/** The words that are in a part of the text, whole or not. */
export function wordsIn(segment: Segment, start: number, end: number): Word[] {
  return segment.words.filter((_, index) => {
    const from = segment.starts[index] ?? 0;
    const to = segment.starts[index + 1] ?? segment.text.length;
    return from < end && to > start;
  });
}

/** The least confidence of the words in a part of the text. */
export function confidenceOf(segment: Segment, start: number, end: number): number {
  return wordsIn(segment, start, end).reduce((least, { confidence }) => Math.min(least, confidence), 1);
}

import type { PlacedWord } from '../layout/lines.ts';

interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

interface RecognizedWord {
  readonly text: string;
  /** From 0 to 100. */
  readonly confidence: number;
  readonly bbox: Box;
  readonly symbols?: readonly { readonly confidence: number }[];
}

/** What tesseract found on a page: blocks, paragraphs, lines and words. */
export interface RecognizedPage {
  readonly blocks?: readonly {
    readonly paragraphs?: readonly {
      readonly lines?: readonly { readonly words?: readonly RecognizedWord[] }[];
    }[];
  }[];
}

/** The words of a page. The confidence of a word is that of its least certain character, if it is less. */
export function wordsOf({ blocks = [] }: RecognizedPage): PlacedWord[] {
  return blocks
    .flatMap(({ paragraphs = [] }) => paragraphs)
    .flatMap(({ lines = [] }) => lines)
    .flatMap(({ words = [] }) => words)
    .flatMap(wordOf);
}

/** Tesseract's words have no white space, but may be empty. */
function wordOf({ text, confidence, bbox, symbols = [] }: RecognizedWord): PlacedWord[] {
  const visible = text.replace(/\p{Cc}|\s/gu, '');
  if (visible === '') return [];
  const least = symbols.reduce((found, symbol) => Math.min(found, symbol.confidence), confidence);
  return [
    {
      text: visible,
      left: bbox.x0,
      right: bbox.x1,
      top: bbox.y0,
      bottom: bbox.y1,
      confidence: Math.min(1, Math.max(0, least / 100)),
    },
  ];
}

/** A word of a line, with its place and how certain it is. */
export interface Word {
  /** Without white space, as written: never normalized. */
  readonly text: string;
  /** Where the word begins in the line, in average characters of its page. In plain text: its column, from 0. */
  readonly left: number;
  /** Where the word ends, in the same unit. */
  readonly right: number;
  /** How certain it is that these are the characters of the document: 1 for text, less for pictures. From 0 to 1. */
  readonly confidence: number;
}

/** What stands on one height of a page, from left to right. It has at least one word. */
export interface TextLine {
  readonly words: readonly Word[];
}

/** Why a person must look at a document, however well its words are read. */
export type DocumentDoubt =
  /** Text that people do not see: it has no colour, no size, or a picture covers it. It is not among the lines. */
  | 'hidden-text'
  /** A part of a page has no readable text: a picture beside the text, an annotation. */
  | 'unreadable-part'
  /** The bytes of the text can mean other characters. */
  | 'unsure-encoding';

/** The text of a document: every line of every page, from top to bottom. */
export interface DocumentText {
  readonly source: 'text' | 'pdf' | 'picture';
  readonly pages: readonly (readonly TextLine[])[];
  readonly doubts: readonly DocumentDoubt[];
}

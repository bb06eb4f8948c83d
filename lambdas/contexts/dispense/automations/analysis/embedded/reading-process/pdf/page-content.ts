import type { Box, Matrix } from './matrix.ts';

/** A character that a page shows. Places are in points, from the top left corner of the page as people see it. */
export interface Glyph {
  /** What it means. Usually one character, several for a ligature. */
  readonly text: string;
  /** Where its base line begins, and where the next character begins. */
  readonly x: number;
  readonly y: number;
  readonly endX: number;
  readonly endY: number;
  /** The height of its font, in points. */
  readonly size: number;
  /** Brightness of its colour from 0 to 1. Undefined for a pattern. */
  readonly brightness: number | undefined;
  /** It has ink: neither its render mode nor its transparency nor its layer hides it. */
  readonly isPainted: boolean;
  /** The part of the page in which it can be seen. */
  readonly clip: Box;
  /** Its position among everything that is painted. */
  readonly order: number;
}

/** An area that is painted, and hides what was painted before. */
export interface Area {
  readonly box: Box;
  readonly order: number;
  /** Undefined for a picture or a pattern. */
  readonly brightness: number | undefined;
  readonly isPicture: boolean;
}

/** A picture on a page. It fills the unit square of its matrix. */
export interface PlacedImage {
  /** Its name among the objects of the page, or its pixels. */
  readonly source: string | object;
  readonly matrix: Matrix;
  readonly box: Box;
  /** A stencil: its ink has this brightness. Undefined for a picture with colours of its own. */
  readonly inkBrightness: number | undefined;
  /** A clip or the page's edge cuts a part off, or it is hardly visible: its pixels have more than people see. */
  readonly isCut: boolean;
  readonly order: number;
}

/** What a page shows, in the order of painting. */
export interface PageContent {
  readonly glyphs: readonly Glyph[];
  readonly areas: readonly Area[];
  readonly images: readonly PlacedImage[];
  /** There are lines or shapes that are more than frames and rules. */
  readonly hasDrawing: boolean;
  /** Those of them that have the size of letters. */
  readonly drawnLetters: readonly Box[];
  /** Something is shown that cannot be read: vertical writing, a character without a meaning. */
  readonly hasUnreadable: boolean;
  /** The ids of annotations, as form fields, that show text. */
  readonly annotationsWithText: ReadonlySet<string>;
}

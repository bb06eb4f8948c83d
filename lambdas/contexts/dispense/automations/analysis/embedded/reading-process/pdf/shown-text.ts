import { meaningOf } from './character-meaning.ts';
import type { GraphicsState, PdfFont } from './graphics-state.ts';
import { combined, type Matrix, transformed } from './matrix.ts';
import type { Glyph } from './page-content.ts';

/** A character as pdf.js shows it, or a number that moves the next one, in thousandths of the font's size. */
export type ShownItem =
  | number
  | {
      readonly unicode: string;
      readonly width: number;
      readonly isSpace: boolean;
      readonly isInFont?: boolean;
    };

/** What an operator that shows text adds. */
export interface ShownText {
  readonly glyphs: readonly Glyph[];
  /** After the text. */
  readonly textMatrix: Matrix;
  /** A character has no meaning, or the text is vertical. */
  readonly hasUnreadable: boolean;
}

const defaultFontMatrix: Matrix = [0.001, 0, 0, 0.001, 0, 0];
/** Less of a colour cannot be seen. */
const alphaMin = 0.15;
/** The space between letters of one word is less, in heights of the font. */
const spacingMaxShare = 0.6;
/** Render modes by what paints (ISO 32000-1, table 106). 3 and 7 paint nothing. */
const filling = [0, 2, 4, 6];
const stroking = [1, 2, 5, 6];

/** The characters that a text adds to a page, and where the next text begins (ISO 32000-1, 9.4.4). */
export function glyphsOf(items: readonly ShownItem[], state: GraphicsState, order: number): ShownText {
  const { font, fontSize, hScale, charSpacing, wordSpacing } = state;
  const [widthUnit] = font.fontMatrix ?? defaultFontMatrix;
  // Letters of a spaced word belong together. More than this begins a column.
  const spaced = Math.abs(charSpacing) <= spacingMaxShare * Math.abs(fontSize) ? charSpacing * hScale : 0;
  const glyphs: Glyph[] = [];
  let hasUnreadable = font.vertical === true || !isLoaded(font);
  let x = 0;
  for (const item of items) {
    if (typeof item === 'number') {
      x -= (item / 1_000) * fontSize * hScale;
      continue;
    }
    const width = item.width * widthUnit * fontSize * hScale;
    const meaning = meaningOf(item.unicode, font);
    if (meaning === undefined) hasUnreadable = true;
    else glyphs.push(glyphAt(x, x + width + spaced, meaning, state, order));
    x += width + (charSpacing + (item.isSpace ? wordSpacing : 0)) * hScale;
  }
  return { glyphs, textMatrix: combined(state.textMatrix, [1, 0, 0, 1, x, 0]), hasUnreadable };
}

/** pdf.js shows nothing in a font that it could not load. */
function isLoaded({ name, isType3Font }: PdfFont): boolean {
  return name !== undefined || isType3Font === true;
}

function glyphAt(x: number, endX: number, text: string, state: GraphicsState, order: number): Glyph {
  const matrix = combined(state.ctm, state.textMatrix);
  const [start, end] = [transformed(matrix, x, state.rise), transformed(matrix, endX, state.rise)];
  const [, , c, d] = matrix;
  const { isVisible, brightness } = inkOf(state);
  return {
    text,
    x: start.x,
    y: start.y,
    endX: end.x,
    endY: end.y,
    size: Math.abs(state.fontSize) * Math.hypot(c, d),
    brightness,
    isPainted: isVisible && !state.isMasked,
    clip: state.clip,
    order,
  };
}

interface Ink {
  readonly isVisible: boolean;
  readonly brightness: number | undefined;
}

/** The ink of the text: its filling, or its outline if it has no filling. */
function inkOf({ renderMode, fill, fillAlpha, stroke, strokeAlpha }: GraphicsState): Ink {
  if (filling.includes(renderMode) && fillAlpha >= alphaMin) return { isVisible: true, brightness: fill };
  const isStroked = stroking.includes(renderMode) && strokeAlpha >= alphaMin;
  return { isVisible: isStroked, brightness: stroke };
}

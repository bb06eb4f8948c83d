import { type Box, combined, identity, type Matrix } from './matrix.ts';

/** A font, as pdf.js gives it. */
export interface PdfFont {
  /** Undefined if it could not be loaded. */
  readonly name?: string;
  readonly isType3Font?: boolean;
  readonly vertical?: boolean;
  readonly fontMatrix?: Matrix;
}

/** The graphics state (ISO 32000-1, 8.4 and 9.3), as far as it decides what text is where, and whether it can be seen. */
export interface GraphicsState {
  readonly ctm: Matrix;
  readonly clip: Box;
  /** Brightness of the colours from 0 to 1. Undefined for a pattern. */
  readonly fill: number | undefined;
  readonly stroke: number | undefined;
  readonly fillAlpha: number;
  readonly strokeAlpha: number;
  readonly font: PdfFont;
  readonly fontSize: number;
  readonly charSpacing: number;
  readonly wordSpacing: number;
  readonly hScale: number;
  readonly leading: number;
  readonly rise: number;
  readonly renderMode: number;
  /** A soft mask applies: what it leaves is not known here. */
  readonly isMasked: boolean;
  /** Paint mixes with what is below, and does not hide it. */
  readonly blends: boolean;
  readonly textMatrix: Matrix;
  readonly lineMatrix: Matrix;
}

export function initialState(ctm: Matrix, page: Box): GraphicsState {
  return {
    ctm,
    clip: page,
    fill: 0,
    stroke: 0,
    fillAlpha: 1,
    strokeAlpha: 1,
    font: {},
    fontSize: 0,
    charSpacing: 0,
    wordSpacing: 0,
    hScale: 1,
    leading: 0,
    rise: 0,
    renderMode: 0,
    isMasked: false,
    blends: false,
    textMatrix: identity,
    lineMatrix: identity,
  };
}

/** Begins another line: relative to the begin of the current one. */
export function movedText(state: GraphicsState, x: number, y: number): GraphicsState {
  const lineMatrix = combined(state.lineMatrix, [1, 0, 0, 1, x, y]);
  return { ...state, lineMatrix, textMatrix: lineMatrix };
}

/** The brightness of a colour as #rrggbb. */
export function brightnessOf(colour: unknown): number | undefined {
  const parts = /^#(..)(..)(..)$/.exec(String(colour));
  if (!parts) return undefined;
  const [red, green, blue] = parts.slice(1).map((part) => Number.parseInt(part, 16) / 255) as [
    number,
    number,
    number,
  ];
  return 0.3 * red + 0.59 * green + 0.11 * blue;
}

import { exceeds } from './covered-images.ts';
import { hasLetterSize, shapesOf } from './drawn-shapes.ts';
import { brightnessOf, type GraphicsState, initialState, movedText, type PdfFont } from './graphics-state.ts';
import { type Box, boxOf, combined, identity, intersection, type Matrix } from './matrix.ts';
import type { Area, Glyph, PageContent, PlacedImage } from './page-content.ts';
import { isFilling, isRule, isStroking, thickened } from './painted-path.ts';
import { glyphsOf, type ShownItem } from './shown-text.ts';

/** The arguments of an operator. Their types depend on the operator. */
// biome-ignore lint/suspicious/noExplicitAny: pdf.js declares no types for the arguments of its operators.
type Arguments = any[];
type Operator = (args: Arguments) => void;

/** What {@link PageReader} needs to know about the document. */
export interface PageObjects {
  font(id: string): PdfFont;
  /** False if the layers (optional content) of the marked content are hidden. */
  isShown(layers: unknown): boolean;
}

/** The unit square, which images fill. */
const unitSquare = [0, 0, 1, 1] as const;
/** Less of a colour hides nothing. */
const opaque = 0.5;

/**
 * Collects what a page shows from the operators that paint it, as pdf.js lists them. It follows the state of graphics and text
 * (ISO 32000-1, 8 and 9) as far as it decides where text is and whether people can see it.
 */
export class PageReader {
  readonly #objects: PageObjects;
  readonly #page: Box;
  readonly #view: Matrix;
  #state: GraphicsState;
  readonly #stack: GraphicsState[] = [];
  readonly #layers: boolean[] = [];
  readonly #glyphs: Glyph[] = [];
  readonly #areas: Area[] = [];
  readonly #images: PlacedImage[] = [];
  readonly #drawnLetters: Box[] = [];
  readonly #annotationsWithText = new Set<string>();
  #annotation: string | undefined;
  #order = 0;
  #hasDrawing = false;
  #hasUnreadable = false;
  #clips = false;

  /** `view`: from the page's own coordinates to points from its top left corner. `page`: its visible part in such points. */
  constructor(objects: PageObjects, view: Matrix, page: Box) {
    this.#objects = objects;
    this.#view = view;
    this.#page = page;
    this.#state = initialState(view, page);
  }

  get content(): PageContent {
    return {
      glyphs: this.#glyphs,
      areas: this.#areas,
      images: this.#images,
      hasDrawing: this.#hasDrawing,
      drawnLetters: this.#drawnLetters,
      hasUnreadable: this.#hasUnreadable,
      annotationsWithText: this.#annotationsWithText,
    };
  }

  /** `name`: the operator's name in pdf.js. Others than those below paint nothing that matters here. */
  apply(name: string, args: unknown): void {
    this.#operators[name]?.((args ?? []) as Arguments);
  }

  readonly #operators: Readonly<Record<string, Operator>> = {
    save: () => void this.#stack.push(this.#state),
    restore: () => this.#restore(),
    transform: (matrix) => this.#transform(matrix),
    setGState: ([entries]) => this.#setGState(entries),
    setFillRGBColor: ([colour]) => this.#set({ fill: brightnessOf(colour) }),
    setStrokeRGBColor: ([colour]) => this.#set({ stroke: brightnessOf(colour) }),
    setFillColorN: () => this.#set({ fill: undefined }),
    setStrokeColorN: () => this.#set({ stroke: undefined }),
    setFillTransparent: () => this.#set({ fillAlpha: 0 }),
    setStrokeTransparent: () => this.#set({ strokeAlpha: 0 }),
    paintFormXObjectBegin: ([matrix, box]) => this.#begin(matrix, box),
    paintFormXObjectEnd: () => this.#restore(),
    beginGroup: ([{ matrix, bbox }]) => this.#beginGroup(matrix, bbox),
    endGroup: () => this.#restore(),
    beginAnnotation: (args) => this.#beginAnnotation(args),
    endAnnotation: () => this.#endAnnotation(),
    beginMarkedContent: () => void this.#layers.push(true),
    beginMarkedContentProps: ([tag, layers]) =>
      void this.#layers.push(tag !== 'OC' || this.#objects.isShown(layers)),
    endMarkedContent: () => void this.#layers.pop(),
    clip: () => this.#clip(),
    eoClip: () => this.#clip(),
    constructPath: (args) => this.#path(args),
    shadingFill: () => this.#area(this.#state.clip, undefined, false),
    paintImageXObject: ([source]) => this.#image(source, undefined),
    paintInlineImageXObject: ([source]) => this.#image(source, undefined),
    paintImageMaskXObject: ([mask]) => this.#image(mask.data, this.#state.fill ?? 0),
    paintSolidColorImageMask: () => this.#area(boxOf(this.#state.ctm, unitSquare), this.#state.fill, false),
    // pdf.js joins rows of small pictures to these.
    paintImageMaskXObjectGroup: () => this.#unreadable(),
    paintInlineImageXObjectGroup: () => this.#unreadable(),
    paintImageXObjectRepeat: () => this.#unreadable(),
    paintImageMaskXObjectRepeat: () => this.#unreadable(),
    beginText: () => this.#set({ textMatrix: identity, lineMatrix: identity }),
    setCharSpacing: ([charSpacing]) => this.#set({ charSpacing }),
    setWordSpacing: ([wordSpacing]) => this.#set({ wordSpacing }),
    setHScale: ([percent]) => this.#set({ hScale: percent / 100 }),
    setLeading: ([leading]) => this.#set({ leading }),
    setFont: ([id, fontSize]) => this.#set({ font: this.#objects.font(id), fontSize }),
    setTextRenderingMode: ([renderMode]) => this.#set({ renderMode }),
    setTextRise: ([rise]) => this.#set({ rise }),
    moveText: ([x, y]) => this.#moveText(x, y),
    setLeadingMoveText: ([x, y]) => {
      this.#set({ leading: -y });
      this.#moveText(x, y);
    },
    setTextMatrix: ([matrix]) => {
      const textMatrix = Array.from(matrix as Float32Array) as unknown as Matrix;
      this.#set({ textMatrix, lineMatrix: textMatrix });
    },
    nextLine: () => this.#moveText(0, -this.#state.leading),
    showText: ([items]) => this.#showText(items),
  };

  #set(change: Partial<GraphicsState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #moveText(x: number, y: number): void {
    this.#state = movedText(this.#state, x, y);
  }

  #restore(): void {
    this.#state = this.#stack.pop() ?? this.#state;
  }

  #transform(args: Arguments): void {
    this.#set({ ctm: combined(this.#state.ctm, args as unknown as Matrix) });
  }

  #begin(matrix: Matrix | null, box: readonly [number, number, number, number] | null): void {
    this.#stack.push(this.#state);
    if (matrix) this.#set({ ctm: combined(this.#state.ctm, matrix) });
    if (box) this.#set({ clip: intersection(this.#state.clip, boxOf(this.#state.ctm, box)) });
  }

  /** The operator of the form follows, and applies the same matrix. Here it only places the box. */
  #beginGroup(matrix: Matrix | null, box: readonly [number, number, number, number] | null): void {
    const { ctm, clip } = this.#state;
    this.#stack.push(this.#state);
    const placed = matrix ? combined(ctm, matrix) : ctm;
    if (box) this.#set({ clip: intersection(clip, boxOf(placed, box)) });
  }

  #beginAnnotation([id, rect, transform, matrix]: Arguments): void {
    this.#annotation = id;
    this.#stack.push(this.#state);
    this.#state = initialState(this.#view, this.#page);
    if (rect) this.#set({ clip: intersection(this.#page, boxOf(this.#view, rect)) });
    this.#set({ ctm: combined(combined(this.#view, transform), matrix) });
  }

  #endAnnotation(): void {
    this.#restore();
    this.#annotation = undefined;
  }

  #setGState(entries: readonly (readonly [string, unknown])[]): void {
    for (const [key, value] of entries) {
      if (key === 'ca') this.#set({ fillAlpha: value as number });
      if (key === 'CA') this.#set({ strokeAlpha: value as number });
      // What a mask leaves is not known here.
      if (key === 'SMask') this.#set({ isMasked: value === true });
      if (key === 'BM') this.#set({ blends: value !== 'source-over' });
      if (key === 'Font') this.#setFont(value as [string, number]);
    }
  }

  #setFont([id, fontSize]: [string, number]): void {
    this.#set({ font: this.#objects.font(id), fontSize });
  }

  get #isShown(): boolean {
    return this.#layers.every(Boolean);
  }

  /** The path that follows becomes the clip. */
  #clip(): void {
    this.#clips = true;
  }

  #path([paint, [data], minMax]: Arguments): void {
    const clips = this.#clips;
    this.#clips = false;
    if (!data || !minMax) return;
    const box = boxOf(this.#state.ctm, minMax);
    if (isStroking(paint) && isRule(box)) this.#area(thickened(box), this.#state.stroke, false);
    if (isFilling(paint)) this.#area(intersection(box, this.#state.clip), this.#state.fill, false);
    if (this.#isShown && (isStroking(paint) || isFilling(paint))) this.#shapes(data);
    if (clips) this.#set({ clip: intersection(this.#state.clip, box) });
  }

  #shapes(data: Float32Array): void {
    const { ctm, clip } = this.#state;
    for (const { corners, isDrawing } of shapesOf(data)) {
      const box = boxOf(ctm, corners);
      const { left, top, right, bottom } = intersection(box, clip);
      if (!isDrawing || left > right || top > bottom) continue;
      this.#hasDrawing = true;
      if (hasLetterSize(box)) this.#drawnLetters.push(box);
    }
  }

  #area(box: Box, brightness: number | undefined, isPicture: boolean): void {
    this.#order += 1;
    const { fillAlpha, blends } = this.#state;
    if (!this.#isShown || blends || fillAlpha < opaque) return;
    this.#areas.push({ box, order: this.#order, brightness, isPicture });
  }

  #image(source: string | object, inkBrightness: number | undefined): void {
    const { ctm, clip, fillAlpha, isMasked } = this.#state;
    const whole = boxOf(ctm, unitSquare);
    const box = intersection(whole, clip);
    if (inkBrightness === undefined) this.#area(box, undefined, true);
    if (!this.#isShown) return;
    const isCut = isMasked || fillAlpha < opaque || exceeds(whole, box);
    this.#images.push({ source, matrix: ctm, box, inkBrightness, isCut, order: this.#order });
  }

  #unreadable(): void {
    this.#hasUnreadable = true;
  }

  #showText(items: readonly ShownItem[]): void {
    this.#order += 1;
    const { glyphs, textMatrix, hasUnreadable } = glyphsOf(items, this.#state, this.#order);
    this.#set({ textMatrix });
    this.#hasUnreadable ||= hasUnreadable;
    for (const glyph of glyphs) this.#glyphs.push(this.#isShown ? glyph : { ...glyph, isPainted: false });
    if (this.#annotation !== undefined && glyphs.some(({ text }) => text.trim() !== '')) {
      this.#annotationsWithText.add(this.#annotation);
    }
  }
}

import type { DocumentDoubt, TextLine } from '../../../reading/document-text.ts';
import { linesOf, type PlacedWord } from '../layout/lines.ts';
import type { OcrEngine } from '../picture/ocr-engine.ts';
import { readPicture } from '../picture/read-picture.ts';
import { type Annotation, readAnnotations } from './annotations.ts';
import { hasCoveredImage } from './covered-images.ts';
import { hasDrawnWord } from './drawn-shapes.ts';
import { wordsOfGlyphs } from './glyph-words.ts';
import { hasInlineImage } from './inline-images.ts';
import { areaOf, type Box, boxOf, type Matrix } from './matrix.ts';
import type { PageContent } from './page-content.ts';
import { paintedLayers } from './page-images.ts';
import { pagePicture } from './page-picture.ts';
import { PageReader } from './page-reader.ts';
import type { PdfPage } from './pdf-document.ts';
import { visibleText } from './visible-text.ts';

/** What reading a page needs beside the page. */
export interface PageTools {
  /** The names of pdf.js's operators by their numbers. */
  readonly operatorNames: ReadonlyMap<number, string>;
  /** Starts with the first page that has a picture. */
  readonly engine: () => Promise<OcrEngine>;
  readonly isLayerShown: (layer: unknown) => boolean;
}

/** The text of a page. */
export interface ReadPage {
  readonly lines: readonly TextLine[];
  readonly doubts: readonly DocumentDoubt[];
  /** Text of the page comes from pictures. */
  readonly isPicture: boolean;
}

/** Words of a picture beside text that are less certain are not text. */
const wordConfidenceMin = 0.5;
/** The share of the page of a picture that may have no text at all: a logo. */
const logoShare = 0.05;

/** Reads one page: its visible text, its form fields and its pictures. */
export async function readPage(page: PdfPage, tools: PageTools): Promise<ReadPage> {
  const viewport = page.getViewport({ scale: 1 });
  const view = viewport.transform as unknown as Matrix;
  const box = boxOf(view, page.view as unknown as [number, number, number, number]);
  const content = await contentOf(page, view, box, tools);
  const text = readText(content, (await page.getAnnotations()) as unknown as Annotation[], view, box);
  const pictures = await readPictures(page, content, box, tools);
  // A scan with a text for programs: the picture counts.
  const isScan = text.lines.length === 0 || (text.isOnPagePicture && pictures.words.length > 0);
  const beside = isScan ? pageOfPictures(pictures) : besideText(pictures);
  const hasHidden = text.hasHidden || (beside.words.length > 0 && hasCoveredImage(content));
  return {
    lines: [...(isScan ? [] : text.lines), ...linesOf(beside.words)],
    doubts: [
      ...(hasHidden || text.isOnPagePicture ? (['hidden-text'] as const) : []),
      ...(text.hasUnreadable || beside.isPartRead ? (['unreadable-part'] as const) : []),
    ],
    isPicture: beside.words.length > 0,
  };
}

interface PageText {
  readonly lines: readonly TextLine[];
  readonly hasHidden: boolean;
  readonly isOnPagePicture: boolean;
  readonly hasUnreadable: boolean;
}

/** The visible text, the main direction of writing first. */
function readText(
  content: PageContent,
  annotations: readonly Annotation[],
  view: Matrix,
  box: Box,
): PageText {
  const fields = readAnnotations(annotations, content.annotationsWithText, view);
  const { glyphs, hasHidden, isOnPagePicture } = visibleText(content, box);
  const directions = wordsOfGlyphs(glyphs);
  const [main, ...others] = directions.map(({ words }) => words);
  const lines = [[...(main ?? []), ...fields.words], ...others].flatMap(linesOf);
  return {
    lines,
    hasHidden,
    isOnPagePicture,
    hasUnreadable:
      content.hasUnreadable ||
      fields.hasUnreadable ||
      (lines.length === 0 && content.hasDrawing) ||
      hasDrawnWord(content.drawnLetters) ||
      hasInlineImage(content.images, glyphs) ||
      directions.some(({ hasRaisedDigit }) => hasRaisedDigit),
  };
}

async function contentOf(page: PdfPage, view: Matrix, box: Box, tools: PageTools): Promise<PageContent> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const reader = new PageReader(
    {
      font: (id) => (page.commonObjs.has(id) ? page.commonObjs.get(id) : {}),
      isShown: tools.isLayerShown,
    },
    view,
    box,
  );
  fnArray.forEach((operator, index) => {
    reader.apply(tools.operatorNames.get(operator) ?? '', argsArray[index]);
  });
  return reader.content;
}

interface ReadPictures {
  readonly words: readonly PlacedWord[];
  /** A picture could not be decoded. */
  readonly isPartRead: boolean;
  /** There is no text in a picture that is larger than a logo. */
  readonly isLargeWithout: boolean;
}

async function readPictures(
  page: PdfPage,
  content: PageContent,
  box: Box,
  tools: PageTools,
): Promise<ReadPictures> {
  const { layers, hasUndecoded } = await paintedLayers(page, content.images);
  if (layers.length === 0) return { words: [], isPartRead: hasUndecoded, isLargeWithout: false };
  const picture = pagePicture(layers);
  const words = readPicture(await tools.engine(), picture);
  const share = Math.max(...content.images.map((image) => areaOf(image.box))) / (areaOf(box) || 1);
  return { words, isPartRead: hasUndecoded, isLargeWithout: words.length === 0 && share > logoShare };
}

/** Without text, a large picture without words may be handwriting or a faint scan: other pages do not say what it says. */
function pageOfPictures(pictures: ReadPictures): ReadPictures {
  return { ...pictures, isPartRead: pictures.isPartRead || pictures.isLargeWithout };
}

/** Beside text, signs without any letter are a part of a logo, and what is not certain is not text. */
function besideText({ words, isPartRead, isLargeWithout }: ReadPictures): ReadPictures {
  const named = words.some(({ text }) => /[\p{L}\p{N}]/u.test(text)) ? words : [];
  const read = named.filter(({ confidence }) => confidence >= wordConfidenceMin);
  return {
    words: read,
    isPartRead: isPartRead || isLargeWithout || read.length < named.length,
    isLargeWithout,
  };
}

import { type DecodedImage, layerOf } from './image-pixels.ts';
import type { PlacedImage } from './page-content.ts';
import type { PaintedLayer } from './page-picture.ts';
import type { PdfPage } from './pdf-document.ts';

/** Smaller pictures hold no text, in points. */
const textMinWidthPt = 15;
const textMinHeightPt = 5;

/** The images of a page that can hold text, with their pixels. Strips of a scan are lower than a line of text, but wide. */
export async function paintedLayers(
  page: PdfPage,
  images: readonly PlacedImage[],
): Promise<{ readonly layers: readonly PaintedLayer[]; readonly hasUndecoded: boolean }> {
  const layers: PaintedLayer[] = [];
  let hasUndecoded = false;
  for (const image of images.filter(canHoldText)) {
    const { source } = image;
    const decoded = typeof source === 'string' ? await objectOf(page, source) : (source as DecodedImage);
    const layer = decoded && layerOf(decoded, image.inkBrightness);
    if (layer) layers.push({ ...layer, matrix: image.matrix });
    else hasUndecoded = true;
  }
  return { layers, hasUndecoded };
}

/** False for a picture that is smaller than any word. */
export function canHoldText({ box: { left, top, right, bottom } }: PlacedImage): boolean {
  const [width, height] = [right - left, bottom - top];
  return (
    (width >= textMinWidthPt && height >= textMinHeightPt) ||
    (height >= textMinWidthPt && width >= textMinHeightPt) ||
    // A strip.
    Math.max(width, height) >= 10 * textMinWidthPt
  );
}

/**
 * Waits until pdf.js has decoded the image. Undefined if it could not. Names that begin with g_ are those of the whole
 * document.
 */
function objectOf(page: PdfPage, name: string): Promise<DecodedImage | undefined> {
  const objects = name.startsWith('g_') ? page.commonObjs : page.objs;
  return new Promise((resolve) => {
    objects.get(name, (image: DecodedImage | null) => resolve(image ?? undefined));
  });
}

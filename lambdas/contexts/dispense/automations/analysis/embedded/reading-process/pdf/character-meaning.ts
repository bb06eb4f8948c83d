import type { PdfFont } from './graphics-state.ts';

/** Fonts of signs: their letters and digits have other shapes. */
const signFont = /dingbats|wingdings|webdings|symbol/i;
/** The font of Greek letters and signs. pdf.js knows what they mean. */
const greekFont = /symbol/i;
/** The codes of the signs before the items of a list, in the usual fonts of signs. Fonts may add F000 to them. */
const bulletCodes: readonly number[] = [0x6c, 0x6e, 0x71, 0x75, 0x76, 0xa7, 0xa8, 0xb7, 0xd8];
const bullet = '•';

/** No character that people read: control, private use, not assigned, or the sign of a missing character. */
const meaningless = /[\p{Cc}\p{Co}\p{Cn}\p{Cs}\ufffd]/u;

/** What people read where a font shows a character. Undefined if that is not known. */
export function meaningOf(unicode: string, font: PdfFont): string | undefined {
  const name = font.name ?? '';
  if (signFont.test(name)) {
    const isKnown = !meaningless.test(unicode) && (greekFont.test(name) || unicode > '\u024f');
    if (!isKnown) return bulletCodes.includes((unicode.codePointAt(0) ?? 0) & 0xff) ? bullet : undefined;
  }
  return meaningless.test(unicode) ? undefined : unicode;
}

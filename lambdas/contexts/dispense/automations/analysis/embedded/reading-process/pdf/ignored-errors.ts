/** pdf.js's warnings that it has left out a part of a page. Others are about fonts that it replaces, and the like. */
const leavesOut =
  /ignoring|ensureStateFont|unable to decode|error during|failed|skipping command|unknown command|invalid command|was removed|JpegImage/i;
/** The package has no shapes of the standard fonts. They are not needed for text. */
const standardFonts = /standardFontDataUrl/;

/** Watches pdf.js's warnings in this process. They are not written: they may quote the document. */
export function watchWarnings(): { readonly hasLeftOut: () => boolean } {
  let leftOut = false;
  const watch = (...parts: unknown[]) => {
    const warning = parts.map(String).join(' ');
    if (leavesOut.test(warning) && !standardFonts.test(warning)) leftOut = true;
  };
  console.log = watch;
  console.warn = watch;
  return { hasLeftOut: () => leftOut };
}

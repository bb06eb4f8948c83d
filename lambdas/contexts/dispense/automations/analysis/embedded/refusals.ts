import { pdfMaxPages, pictureMaxMegapixels, type Refusal } from './reader-protocol.ts';

/** A sentence for people per refusal. None quotes the document. */
export const refusalSentences: Record<Refusal, string> = {
  'damaged-picture': 'The image is damaged. Take it again, and upload the new one.',
  'large-picture': `The image has more than ${pictureMaxMegapixels} megapixels. Upload a smaller one.`,
  'damaged-pdf': 'The PDF is damaged. Create it again and upload the new one.',
  'encrypted-pdf': 'The PDF is protected by a password. Upload one without a password.',
  'many-pages': `The PDF has more than ${pdfMaxPages} pages. Upload the prescription alone.`,
  'without-text': 'No text was found in the document. Upload a clear picture, or enter the drugs by hand.',
  'much-text': 'The document has too much text. Upload the prescription alone.',
  'much-memory': 'The document needs too much memory to be read. Upload a simpler one, or a picture of it.',
  'much-time': 'The document takes too long to be read. Upload a simpler one, or a smaller picture of it.',
  ended: 'The document could not be read in two attempts. Upload another one, or enter the drugs by hand.',
};

import { decodePlainText } from '../../../documents/plain-text-encoding.ts';
import type { DocumentDoubt, DocumentText, TextLine } from '../reading/document-text.ts';

/** Columns between two tab stops. */
const tabColumns = 8;

/** The text of a plain text file. A form feed begins a page. */
export function readPlainText(bytes: Uint8Array): DocumentText {
  const decoded = decodePlainText(bytes);
  // The API accepts no such text. One of an earlier version may have it.
  const { text, isSure } = decoded ?? { text: printable(bytes), isSure: false };
  // A byte order mark inside of a text is a part of a file that was appended, or a sign that people do not see.
  const doubts: DocumentDoubt[] = isSure && !text.includes('\uFEFF') ? [] : ['unsure-encoding'];
  const pages = text.split('\f').map((page) => page.split(/\r\n|[\n\r\u2028\u2029]/u).flatMap(lineOf));
  return { source: 'text', pages: pages.filter((page) => page.length > 0), doubts };
}

function printable(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replace(/(?![\t\n\f\r])\p{Cc}/gu, '');
}

/** The words of a line with their columns. Nothing for a line without words. */
function lineOf(line: string): TextLine[] {
  const words: TextLine['words'][number][] = [];
  let column = 0;
  for (const [part] of line.matchAll(/\s|\S+/gu)) {
    if (part === '\t') column += tabColumns - (column % tabColumns);
    else if (/\s/u.test(part)) column += 1;
    else {
      const right = column + [...part].length;
      words.push({ text: part, left: column, right, confidence: 1 });
      column = right;
    }
  }
  return words.length === 0 ? [] : [{ words }];
}

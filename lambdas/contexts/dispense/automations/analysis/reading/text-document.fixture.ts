import type { DocumentText, Word } from './document-text.ts';

/** The document of a plain text, as the reader of text files makes it. */
export function documentOf(text: string): DocumentText {
  const lines = text
    .split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
    .map((line) => ({ words: wordsOf(line) }))
    .filter(({ words }) => words.length > 0);
  return { source: 'text', pages: [lines], doubts: [] };
}

function wordsOf(line: string): Word[] {
  const spaced = line.replace(/\t/g, '        ');
  return [...spaced.matchAll(/\S+/g)].map(({ 0: text, index }) => ({
    text,
    left: index,
    right: index + text.length,
    confidence: 1,
  }));
}

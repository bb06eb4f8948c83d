import type { DocumentText } from '../reading/document-text.ts';

/** From the most certain source to the least. */
const sources = ['text', 'pdf', 'picture'] as const;

/** The documents of one prescription as one text. Its source is the least certain one, and it has the doubts of all. */
export function joinedDocuments(documents: readonly DocumentText[]): DocumentText {
  const source = sources.findLast((one) => documents.some((document) => document.source === one)) ?? 'text';
  return {
    source,
    pages: documents.flatMap(({ pages }) => pages),
    doubts: [...new Set(documents.flatMap(({ doubts }) => doubts))],
  };
}

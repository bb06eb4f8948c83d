import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../../../../../tools/bundle/bundle.ts';
import type { DocumentType } from '../../../domain/events.ts';
import type { DocumentText } from '../reading/document-text.ts';
import { EmbeddedAnalyzer } from './embedded-analyzer.ts';
import { type PdfPageOptions, pdfPageOf } from './pdf.fixture.ts';
import type { Readers } from './reader-process.ts';

/** The programs that read documents, as they are deployed. */
export interface BuiltReaders extends Readers {
  readonly remove: () => void;
}

/** Builds them in a folder outside the sources and their packages: all that they need must be in it. */
export async function buildReaders(): Promise<BuiltReaders> {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-readers-'));
  await build(bundleOptions(['prescription-analyzer'], folder));
  return {
    readersFolder: join(folder, 'prescription-analyzer/readers'),
    nodePath: process.execPath,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

const samples = join(import.meta.dirname, '../../../../../../test/prescriptions');

const types: Readonly<Record<string, DocumentType>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  txt: 'text/plain',
};

/** A sample in `test/prescriptions`. */
export function sample(path: string): { readonly contentType: DocumentType; readonly bytes: Buffer } {
  const contentType = types[path.split('.').at(-1) ?? ''];
  if (!contentType) throw new Error(`The type of ${path} is unknown.`);
  return { contentType, bytes: readFileSync(join(samples, path)) };
}

/** The text of a PDF with this page. */
export function readPdfPage(
  readers: Readers,
  content: string,
  options?: PdfPageOptions,
): Promise<DocumentText> {
  const bytes = pdfPageOf(content, options);
  return new EmbeddedAnalyzer(readers).read([{ contentType: 'application/pdf', bytes }]);
}

/** The lines of a text. A gap of more than two characters is " | ". */
export function linesIn({ pages }: DocumentText): string[] {
  return pages.flat().map(({ words }) =>
    words
      .map(({ text, left }, index) => {
        const previous = words[index - 1];
        if (!previous) return text;
        return `${left - previous.right > 2 ? ' | ' : ' '}${text}`;
      })
      .join(''),
  );
}

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { DocumentType } from '../../lambdas/contexts/dispense/domain/events.ts';
import type { StatedDrug } from './judge.ts';

/** The folders of samples. Their JSON files say what each document states. */
export const sampleKinds = ['plain', 'text', 'pdf', 'image', 'ocr'] as const;

export type SampleKind = (typeof sampleKinds)[number];

/** A document with what it states. */
export interface Sample {
  /** `kind/file`. */
  readonly name: string;
  readonly contentType: DocumentType;
  readonly bytes: Uint8Array;
  readonly drugs: readonly StatedDrug[];
  /** A person must see the document, however well it is read. */
  readonly mustReview: boolean;
}

interface Expected {
  readonly drugs: readonly StatedDrug[];
  readonly mustReview?: boolean;
}

const contentTypes: Readonly<Record<string, DocumentType>> = {
  '.txt': 'text/plain',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
};

/** The samples of a folder, by name. Throws for a document without an entry, and for an entry without a document. */
export function samplesOf(kind: SampleKind): Sample[] {
  const folder = join(import.meta.dirname, kind);
  const expected = expectedIn(folder);
  const files = readdirSync(folder).filter((file) => extname(file) !== '.json');
  const without = files.find((file) => !expected.has(file));
  if (without !== undefined) throw new Error(`No JSON file in ${kind}/ says what ${without} states.`);
  return [...expected].map(([file, { drugs, mustReview = false }]) => {
    const contentType = contentTypes[extname(file)];
    if (contentType === undefined) throw new Error(`${kind}/${file} has an unknown type.`);
    return {
      name: `${kind}/${file}`,
      contentType,
      bytes: readFileSync(join(folder, file)),
      drugs,
      mustReview,
    };
  });
}

function expectedIn(folder: string): Map<string, Expected> {
  const files = readdirSync(folder).filter((file) => extname(file) === '.json');
  return new Map(
    files.flatMap((file) =>
      Object.entries(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Expected>),
    ),
  );
}

import type { DocumentType } from '../domain/events.ts';

/** A prescription as it was uploaded. */
export interface PrescriptionDocument {
  readonly contentType: DocumentType;
  readonly bytes: Uint8Array;
}

/** Keeps the documents of prescriptions, each under a key that nobody can guess. */
export interface DocumentStore {
  /** Stores a document and answers its key. It is swept after some days unless it is kept. */
  put(document: PrescriptionDocument): Promise<string>;
  /** Throws {@link DocumentNotFoundError}. */
  get(key: string): Promise<PrescriptionDocument>;
  /** A URL by which whoever has it may read the document for so long. */
  link(key: string, expiresInSeconds: number): Promise<string>;
  /**
   * Marks the document as belonging to an event: it is not swept. Does nothing the second time. Throws
   * {@link DocumentNotFoundError}.
   */
  keep(key: string): Promise<void>;
  /** Removes the document, if it is there. */
  discard(key: string): Promise<void>;
}

export class DocumentNotFoundError extends Error {
  override readonly name = 'DocumentNotFoundError';

  constructor(key: string, options?: ErrorOptions) {
    super(`There is no document under the key ${key}.`, options);
  }
}

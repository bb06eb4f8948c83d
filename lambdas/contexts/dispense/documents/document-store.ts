import type { DocumentType } from '../domain/events.ts';

/** A prescription as it was uploaded. */
export interface PrescriptionDocument {
  readonly contentType: DocumentType;
  readonly bytes: Uint8Array;
}

/** How a link gives a document to a browser: as a file to be saved, never as a page. */
export interface DocumentLink {
  /** The type of the document, whatever the store says. */
  readonly contentType: DocumentType;
  /** The name of the file. It must say nothing about a person: letters, digits, `-` and `.`. */
  readonly fileName: string;
  readonly expiresInSeconds: number;
}

/** Stores the documents of prescriptions, each under a key that cannot be guessed. */
export interface DocumentStore {
  /** Stores a document and returns its key. The document expires after some days unless it is kept. */
  put(document: PrescriptionDocument): Promise<string>;
  /** The document with this key. Throws {@link DocumentNotFoundError}. */
  get(key: string): Promise<PrescriptionDocument>;
  /** A URL with which anyone can read the document until the URL expires. Does not check that the document exists. */
  link(key: string, options: DocumentLink): Promise<string>;
  /**
   * Marks the document as part of an event, so that it does not expire. Safe to repeat. Throws
   * {@link DocumentNotFoundError}.
   */
  keep(key: string): Promise<void>;
  /** Removes the document, if it exists. */
  discard(key: string): Promise<void>;
}

/** The document does not exist: it was removed or has expired. */
export class DocumentNotFoundError extends Error {
  override readonly name = 'DocumentNotFoundError';

  constructor(key: string, options?: ErrorOptions) {
    super(`There is no document under the key ${key}.`, options);
  }
}

import { randomUUID } from 'node:crypto';
import { documentTag } from '../../../../schema/documents.ts';
import {
  type DocumentLink,
  DocumentNotFoundError,
  type DocumentStore,
  type PrescriptionDocument,
} from './document-store.ts';

type DocumentStatus = (typeof documentTag)['uploaded' | 'kept'];

/** Documents in memory, for specs. The links contain the key but cannot be opened. */
export class MemoryDocumentStore implements DocumentStore {
  readonly #documents = new Map<string, PrescriptionDocument>();
  readonly #statuses = new Map<string, DocumentStatus>();

  async put({ contentType, bytes }: PrescriptionDocument): Promise<string> {
    const key = randomUUID();
    this.#documents.set(key, { contentType, bytes: Uint8Array.from(bytes) });
    this.#statuses.set(key, documentTag.uploaded);
    return key;
  }

  async get(key: string): Promise<PrescriptionDocument> {
    const document = this.#documents.get(key);
    if (document === undefined) throw new DocumentNotFoundError(key);
    return document;
  }

  async link(key: string, { contentType, fileName, expiresInSeconds }: DocumentLink): Promise<string> {
    const query = new URLSearchParams({
      type: contentType,
      name: fileName,
      expires: String(expiresInSeconds),
    });
    return `https://documents.invalid/${key}?${query}`;
  }

  async keep(key: string): Promise<void> {
    if (!this.#documents.has(key)) throw new DocumentNotFoundError(key);
    this.#statuses.set(key, documentTag.kept);
  }

  async discard(key: string): Promise<void> {
    this.#documents.delete(key);
    this.#statuses.delete(key);
  }

  /** The status of every document by key, which a lifecycle rule would use. */
  get statuses(): ReadonlyMap<string, DocumentStatus> {
    return this.#statuses;
  }
}

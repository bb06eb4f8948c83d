import type { RecordedEvent } from '../kernel/index.ts';

/** A document of a person, as the store has it. */
export interface SubjectDocument {
  readonly contentType: string;
  readonly sizeBytes: number;
  /** The document. Undefined: it is erased. */
  read(): Promise<Uint8Array | undefined>;
}

/**
 * What a context with personal data adds to the export of a person, for its streams, in the tenant of the caller. The events come from the log.
 */
export interface SubjectExport {
  readonly category: string;
  /** The aggregate with this id, as its own route shows it, with everything that is committed. Undefined: there is none. */
  rowOf(id: string, now: string): Promise<object | undefined>;
  /** Whether the aggregate with this id is erased, with everything that is committed. */
  isErased(id: string): Promise<boolean>;
  /** The documents that an event of this category added. */
  documentsOf(event: RecordedEvent): readonly SubjectDocument[];
}

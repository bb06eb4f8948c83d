/** Deletes documents for good. */
export interface DocumentEraser {
  /** Deletes all versions of the document with this key. Harmless if there is none. */
  erase(key: string): Promise<void>;
}

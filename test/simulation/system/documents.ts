import {
  DocumentNotFoundError,
  type DocumentStore,
  type PrescriptionDocument,
} from '../../../lambdas/contexts/dispense/documents/document-store.ts';
import type { DocumentEraser } from '../../../lambdas/contexts/person/automations/erasing/document-eraser.ts';
import type { Instance } from '../world/instance.ts';

/** The documents of all instances, by their keys. S3 is strongly consistent, and no fault strikes it here. */
export type Documents = Map<string, PrescriptionDocument>;

/** The document store of one instance. */
export function documentStoreOf({ effects }: Instance, documents: Documents): DocumentStore {
  const find = (key: string): PrescriptionDocument => {
    const found = documents.get(key);
    if (found === undefined) throw new DocumentNotFoundError(key);
    return found;
  };
  return {
    put: async (document) => {
      await effects.delay(5);
      const key = effects.newId();
      documents.set(key, document);
      return key;
    },
    get: async (key) => {
      await effects.delay(5);
      return find(key);
    },
    link: async (key) => `https://documents.simulated/${key}`,
    keep: async (key) => {
      await effects.delay(5);
      find(key);
    },
    discard: async (key) => {
      await effects.delay(5);
      documents.delete(key);
    },
  };
}

/** Deletes documents for good, for one instance. */
export function documentEraserOf({ effects }: Instance, documents: Documents): DocumentEraser {
  return {
    erase: async (key) => {
      await effects.delay(5);
      documents.delete(key);
    },
  };
}

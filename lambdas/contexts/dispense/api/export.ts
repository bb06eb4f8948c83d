import { isErasedNow } from '../../../http/erasures.ts';
import { type ReadSide, viewsOf } from '../../../http/resource.ts';
import { type RecordedEvent, readEvent, rowNow } from '../../../kernel/index.ts';
import type { SubjectDocument, SubjectExport } from '../../subject-export.ts';
import { DocumentNotFoundError, type DocumentStore } from '../documents/document-store.ts';
import { type DispenseEvent, dispenseEvents } from '../domain/events.ts';
import type { DispenseRow } from '../read-model/projection.ts';
import { dispenses } from './answers.ts';

/** What the export of dispenses needs. */
export interface DispenseExportSide extends Pick<ReadSide<DispenseRow, never>, 'log' | 'readModel' | 'keys'> {
  readonly documents: Pick<DocumentStore, 'get'>;
}

/** Dispenses in the export of a person, with the documents of all uploads, also of those that were replaced. */
export function dispenseExport(side: DispenseExportSide): SubjectExport {
  const { category, projection } = dispenses;
  return {
    category,
    rowOf: async (id, now) => {
      const found = await rowNow(side, projection, id, true);
      return found && (await viewsOf(dispenses, side, [found], now))[0];
    },
    isErased: (id) => isErasedNow(dispenses, side, id),
    documentsOf: (stored) => {
      const event = readEvent<DispenseEvent, RecordedEvent>(dispenseEvents, stored.stream, stored);
      if (event.type !== 'Dispense:PrescriptionUploaded') return [];
      const { key, contentType, sizeBytes } = event.data;
      return [{ contentType, sizeBytes, read: () => bytesOf(side.documents, key) } satisfies SubjectDocument];
    },
  };
}

async function bytesOf(
  documents: DispenseExportSide['documents'],
  key: string,
): Promise<Uint8Array | undefined> {
  try {
    return (await documents.get(key)).bytes;
  } catch (error) {
    if (error instanceof DocumentNotFoundError) return undefined;
    throw error;
  }
}

import { type Envelope, ForeignCiphertextError, placeOf, type SubjectKey } from '../../../../kernel/index.ts';
import type { Finding } from './finding.ts';
import type { Analysis } from './prescription-analyzer.ts';
import { readingSchema } from './reading-schema.ts';

/** The field name in the place of a sealed reading. No event has a personal field of that name. */
const path = 'finding';

type Place = Pick<Finding, 'stream' | 'uploadEventId'>;

/** The reading of an upload, encrypted by the key of the dispense: nobody without that key reads it in a queue. */
export function sealReading(
  { stream, uploadEventId: eventId }: Place,
  reading: Analysis,
  key: Pick<SubjectKey, 'encrypt'>,
): Envelope {
  return key.encrypt(stream, { eventId, path }, reading);
}

/**
 * The reading in a sealed finding. It comes from code that parsed a stranger's file, so it is checked like a plain one. Undefined: it is no
 * reading. Throws `ForeignCiphertextError` for a ciphertext that was changed, or is of another upload.
 */
export function openReading(
  { stream, uploadEventId }: Place,
  envelope: Envelope,
  key: Pick<SubjectKey, 'decrypt'>,
): Analysis | undefined {
  const place = placeOf(envelope);
  if (place?.eventId !== uploadEventId || place.path !== path)
    throw new ForeignCiphertextError('The ciphertext is of another upload.');
  return readingSchema.safeParse(key.decrypt(stream, envelope)).data;
}

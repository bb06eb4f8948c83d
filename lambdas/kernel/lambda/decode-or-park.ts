import { messageOf } from '../errors.ts';
import { type Parking, park, parkedRecordMaxChars } from '../parking.ts';

/** A record of a batch, in the form in which it is parked if it cannot be decoded. */
export interface RawRecord {
  /** The consumer that parks it. */
  readonly consumer: string;
  readonly subject: string;
  /** Called only if the record is parked. */
  readonly text: () => string;
}

/** Decodes a record. Parks it and returns undefined if `decode` throws. Throws what the parking lot throws. */
export async function decodeOrPark<Decoded extends object>(
  parking: Parking,
  { consumer, subject, text }: RawRecord,
  decode: () => Decoded,
): Promise<Decoded | undefined> {
  try {
    return decode();
  } catch (error) {
    const record = text().slice(0, parkedRecordMaxChars);
    await park(parking, { consumer, subject, reason: messageOf(error), record });
    return undefined;
  }
}

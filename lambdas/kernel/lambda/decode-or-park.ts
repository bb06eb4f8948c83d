import { messageOf } from '../errors.ts';
import { type Parking, park } from '../parking.ts';

/** A record of a batch, in the form in which it is parked if it cannot be decoded. */
export interface RawRecord {
  /** The consumer that parks it. */
  readonly consumer: string;
  readonly subject: string;
  /** Called only if the record is parked. */
  readonly text: () => string;
}

/** Decodes a record. Parks it and returns undefined if `decode` throws. Throws only in an outage of the parking lot. */
export async function decodeOrPark<Decoded extends object>(
  parking: Parking,
  { consumer, subject, text }: RawRecord,
  decode: () => Decoded,
): Promise<Decoded | undefined> {
  try {
    return decode();
  } catch (error) {
    const record = textOf(text);
    await park(parking, {
      consumer,
      subject,
      reason: messageOf(error),
      ...(record !== undefined && { record }),
    });
    return undefined;
  }
}

/** As {@link decodeOrPark}, but returns `parked` for a parked record, and `failed` for one that must come again. */
export async function decodeOrTryPark<Decoded extends object>(
  parking: Parking,
  record: RawRecord,
  decode: () => Decoded,
): Promise<Decoded | 'parked' | 'failed'> {
  try {
    return (await decodeOrPark(parking, record, decode)) ?? 'parked';
  } catch (error) {
    const { consumer, subject } = record;
    const message = 'A record could not be parked. It will be delivered again.';
    parking.observer.warn(message, { consumer, subject, error });
    return 'failed';
  }
}

/** Undefined if the record cannot be written as text. */
function textOf(text: () => string): string | undefined {
  try {
    return String(text());
  } catch {
    return undefined;
  }
}

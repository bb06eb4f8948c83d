import type { Observer } from './observer.ts';

/** A stream or record that a consumer could not handle. It is set aside, and the consumer continues with the others. */
export interface Parked {
  /** The projection's name, or `publisher`. */
  readonly consumer: string;
  /** The stream, or an id of the record if it names no stream. */
  readonly subject: string;
  /** Why it is parked, in words for the operator. No personal data. */
  readonly reason: string;
  /** The version that the consumer could not reach, if it is known. */
  readonly version?: number | undefined;
  /** The record itself, if its content is stored nowhere else. At most {@link parkedRecordMaxChars}. */
  readonly record?: string | undefined;
}

/** Maximum length of a parked record; a longer one is truncated. The limit of a DynamoDB item is 400 KB. */
export const parkedRecordMaxChars = 100_000;

/** Where consumers set aside what they cannot handle. */
export interface ParkingLot {
  /** Parks a stream or record. If it is parked already, the new entry replaces the old one. */
  park(parked: Parked): Promise<void>;
  /** Removes a parked stream or record. Does nothing if it is not parked. */
  release(consumer: string, subject: string): Promise<void>;
  /** What is parked for a consumer, in the order of the subjects: at most `limit` entries, only subjects after `after`. */
  list(
    consumer: string,
    range: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<Parked[]>;
}

/** Where a consumer parks, and the observer that it reports to. */
export interface Parking {
  readonly parkingLot: ParkingLot;
  readonly observer: Observer;
}

/** Parks, and reports that to the observer. Throws what the parking lot throws. The warning includes `details`. */
export async function park(
  { parkingLot, observer }: Parking,
  parked: Parked,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { consumer, subject, version, reason } = parked;
  observer.warn('A stream or record could not be handled and is parked.', {
    consumer,
    subject,
    version,
    reason,
    ...details,
  });
  await parkingLot.park(parked);
  observer.count('Parked');
}

/** As {@link park}, but returns false if the parking lot fails. The record must then be delivered again. */
export async function tryPark(
  parking: Parking,
  parked: Parked,
  details?: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  try {
    await park(parking, parked, details);
    return true;
  } catch (error) {
    const { consumer, subject } = parked;
    parking.observer.warn('Parking failed. The record will be delivered again.', {
      consumer,
      subject,
      error,
    });
    return false;
  }
}

import type { Observer } from './observer.ts';

/** A stream or record that a consumer set aside, so that it can go on with the others. */
export interface Parked {
  /** The projection's name, or `publisher`. */
  readonly consumer: string;
  /** The stream; or an id of the record, if the record names no stream. */
  readonly subject: string;
  /** Why it is parked, in words for the operator. No personal data. */
  readonly reason: string;
  /** The version that the consumer could not reach, if it is known. */
  readonly version?: number | undefined;
  /** The record itself, if its content is nowhere else. At most {@link parkedRecordMaxChars}. */
  readonly record?: string | undefined;
}

/** A longer record is cut: a DynamoDB item holds 400 KB. */
export const parkedRecordMaxChars = 100_000;

/** Where consumers set aside what they cannot handle. */
export interface ParkingLot {
  /** Parks a stream or record. If it is parked already, the new entry replaces the old one. */
  park(parked: Parked): Promise<void>;
  /** Removes a parked stream or record, because it has been handled now. Does nothing if it is not parked. */
  release(consumer: string, subject: string): Promise<void>;
  /** What is parked for a consumer, in the order of the subjects: at most `limit` entries, only subjects after `after`. */
  list(
    consumer: string,
    range: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<Parked[]>;
}

/** Where a consumer parks, and whom it tells about it. */
export interface Parking {
  readonly parkingLot: ParkingLot;
  readonly observer: Observer;
}

/** Parks and tells the observer. Throws what the parking lot throws. `details` go into the warning. */
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

/** As {@link park}, but returns false if the parking lot fails: the record has to be delivered again. */
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

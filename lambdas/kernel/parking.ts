import { type CausedStep, type Observer, observerOf } from './observer.ts';
import { isOutage } from './outage.ts';

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

/** Maximum length of a reason; a longer one is truncated. */
export const parkedReasonMaxChars = 1_000;
/** Keeps a subject within 1,024 bytes, the limit of a sort key, whatever characters it has. */
const subjectMaxChars = 340;

/** Where consumers set aside what they cannot handle. */
export interface ParkingLot {
  /** Parks a stream or record. If it is parked already, the new entry replaces the old one. */
  park(parked: Parked): Promise<void>;
  /**
   * Removes a parked stream or record. Does nothing if it is not parked. `reached`: the version that the consumer has reached;
   * an entry with a later version stays, because it was parked in the meantime.
   */
  release(consumer: string, subject: string, reached?: number): Promise<void>;
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

/** Parking for what a consumer does for these steps: they get the event. */
export function parkingIn(steps: readonly CausedStep[], { parkingLot, observer }: Parking): Parking {
  return { parkingLot, observer: observerOf(steps, observer) };
}

/**
 * Parks, and reports that to the observer. Throws what the parking lot throws in an outage. If the parking lot refuses
 * the entry for another reason, a minimal entry is parked. If that is refused too, only the warning names the subject: it
 * still counts as parked, because nothing that cannot be handled may stop the others. The warning includes `details`.
 */
export async function park(
  parking: Parking,
  parked: Parked,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { parkingLot, observer } = parking;
  const entry = bounded(parked);
  const { consumer, subject, version, reason } = entry;
  const named = { consumer, subject, version, reason };
  observer.warn('A stream or record could not be handled and is parked.', { ...named, ...details });
  const refusal = await refusalOf(parkingLot, entry);
  if (refusal !== undefined) {
    const minimal = { consumer, subject, version, reason: 'The parking lot refused the whole entry.' };
    const error = await refusalOf(parkingLot, minimal);
    const message =
      error === undefined
        ? 'The parking lot refused an entry. It is parked without its reason and record.'
        : 'The parking lot refused an entry for good. Only this line names it.';
    observer.warn(message, { ...named, error: error ?? refusal });
  }
  observer.count('Parked');
  observer.event('parked', { consumer, subject, ...(version !== undefined && { version }) });
}

/** Why the parking lot refuses an entry; undefined if it parks it. Throws in an outage. */
async function refusalOf(
  parkingLot: ParkingLot,
  parked: Parked,
): Promise<{ readonly thrown: unknown } | undefined> {
  try {
    await parkingLot.park(parked);
    return undefined;
  } catch (thrown) {
    if (isOutage(thrown)) throw thrown;
    return { thrown };
  }
}

/** The entry within the limits of a parking lot, with text that every store accepts. */
function bounded({ subject, reason, record, ...rest }: Parked): Parked {
  return {
    ...rest,
    subject: cut(subject, subjectMaxChars) || 'no subject',
    reason: cut(reason, parkedReasonMaxChars),
    ...(record !== undefined && { record: cut(record, parkedRecordMaxChars) }),
  };
}

/** The first characters of a text. A pair of surrogates that was cut in two is replaced. */
function cut(text: string, maxChars: number): string {
  return text.slice(0, maxChars).toWellFormed();
}

/** As {@link park}, but returns false in an outage of the parking lot. The record must then be delivered again. */
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

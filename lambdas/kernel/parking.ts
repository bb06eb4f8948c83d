/** Something that a consumer set aside so that the rest could go on. */
export interface Parked {
  /** The projection's name, or `publisher`. */
  readonly consumer: string;
  /** The stream, or the sequence number of a record that named none. */
  readonly subject: string;
  /** Why, in words for the operator. No personal data. */
  readonly reason: string;
  /** Version that the consumer could not get past, where it is known. */
  readonly version?: number | undefined;
  /** The record itself where it is the only trace of what was meant; at most {@link parkedRecordMaxChars}. */
  readonly record?: string | undefined;
}

/** A longer record is cut: an item holds 400 KB. */
export const parkedRecordMaxChars = 100_000;

/** Where consumers set aside what they cannot handle. */
export interface ParkingLot {
  /** Parks it; one that is parked already gets the new reason. */
  park(parked: Parked): Promise<void>;
  /** Takes it out again: it has been handled after all. */
  release(consumer: string, subject: string): Promise<void>;
  /** What is parked for a consumer, in order of subject, at most `limit` behind `after`. */
  list(
    consumer: string,
    range: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<Parked[]>;
}

export class MemoryParkingLot implements ParkingLot {
  readonly #parked = new Map<string, Parked>();

  async park(parked: Parked): Promise<void> {
    this.#parked.set(`${parked.consumer} ${parked.subject}`, parked);
  }

  async release(consumer: string, subject: string): Promise<void> {
    this.#parked.delete(`${consumer} ${subject}`);
  }

  async list(
    consumer: string,
    { limit, after = '' }: { limit: number; after?: string | undefined },
  ): Promise<Parked[]> {
    const all = [...this.#parked.values()].filter((one) => one.consumer === consumer && one.subject > after);
    return all.sort((a, b) => (a.subject < b.subject ? -1 : 1)).slice(0, limit);
  }
}

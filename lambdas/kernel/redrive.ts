import type { Parked, ParkingLot } from './parking.ts';

/** Parked entries that a redrive reads together. */
const parkedPage = 100;

/** Parked streams of a category. */
export interface ParkedStreams {
  readonly streams: readonly Parked[];
  /** The last of them, if others may be behind it. */
  readonly next?: string;
}

/**
 * Parked streams of a projection, at most `limit`. Only streams: a parked record names no stream, so a person must discard it.
 * @param after only streams after this one, in the order of their names. Default: all of the category. Throws if it is no stream
 * of the category.
 */
export async function parkedStreams(
  {
    projection,
    parkingLot,
  }: {
    readonly projection: { readonly name: string; readonly category: string };
    readonly parkingLot: Pick<ParkingLot, 'list'>;
  },
  limit: number,
  after?: string,
): Promise<ParkedStreams> {
  const prefix = `${projection.category}/`;
  if (after !== undefined && !after.startsWith(prefix)) {
    throw new RangeError(
      `A redrive of ${projection.name} continues after a stream whose name begins with ${prefix}.`,
    );
  }
  const streams: Parked[] = [];
  for (let start = after ?? prefix; streams.length < limit; ) {
    // In pages, because the entries of records after the last stream may be large.
    const size = Math.min(parkedPage, limit - streams.length);
    const page = await parkingLot.list(projection.name, { limit: size, after: start });
    const own = page.filter(({ subject }) => subject.startsWith(prefix));
    streams.push(...own);
    if (own.length < size) break;
    start = own.at(-1)?.subject ?? start;
  }
  const last = streams.length < limit ? undefined : streams.at(-1);
  return { streams, ...(last && { next: last.subject }) };
}

import { compareKeys } from '../key-order.ts';
import type { Parked, ParkingLot } from '../parking.ts';

/** A parking lot in memory, for specs and small tools. */
export class MemoryParkingLot implements ParkingLot {
  readonly #parked = new Map<string, Parked>();

  async park(parked: Parked): Promise<void> {
    this.#parked.set(`${parked.consumer} ${parked.subject}`, parked);
  }

  async release(consumer: string, subject: string, reached = Number.POSITIVE_INFINITY): Promise<void> {
    const key = `${consumer} ${subject}`;
    if ((this.#parked.get(key)?.version ?? 0) <= reached) this.#parked.delete(key);
  }

  async list(
    consumer: string,
    { limit, after = '' }: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<Parked[]> {
    return [...this.#parked.values()]
      .filter((one) => one.consumer === consumer && compareKeys(one.subject, after) > 0)
      .sort((a, b) => compareKeys(a.subject, b.subject))
      .slice(0, limit);
  }
}

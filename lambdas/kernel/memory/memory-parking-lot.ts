import { compareKeys } from '../key-order.ts';
import type { Parked, ParkingLot } from '../parking.ts';

/** A parking lot in memory, for specs and small tools. */
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
    { limit, after = '' }: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<Parked[]> {
    return [...this.#parked.values()]
      .filter((one) => one.consumer === consumer && compareKeys(one.subject, after) > 0)
      .sort((a, b) => compareKeys(a.subject, b.subject))
      .slice(0, limit);
  }
}

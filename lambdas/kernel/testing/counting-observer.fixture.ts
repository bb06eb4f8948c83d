import { type Observer, silentObserver } from '../observer.ts';

/** An observer that only counts, and its counts. */
export function countingObserver(): { observer: Observer; counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  const observer: Observer = {
    ...silentObserver,
    count: (counter, by = 1) => {
      counts[counter] = (counts[counter] ?? 0) + by;
    },
  };
  return { observer, counts };
}

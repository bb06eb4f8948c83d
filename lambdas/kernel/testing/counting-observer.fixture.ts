import { type Observer, silentObserver } from '../observer.ts';

/** An observer that says nothing, and what it was told to count. */
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

/** The first position in a sorted array that is not before a place. `compare`: order of an element and the place. */
export function lowerBound<Element>(
  sorted: readonly Element[],
  compare: (element: Element) => number,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as Element) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

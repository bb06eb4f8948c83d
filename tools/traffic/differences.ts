import type { Members } from './context-types.ts';
import type { TimeWindow } from './server-clock.ts';

/** A check that accepts several values: returns undefined for those, otherwise a description of them. */
export type Permitted = (shown: unknown) => string | undefined;

/** Permits each of the values. */
export function oneOf(values: readonly unknown[]): Permitted {
  return (shown) => (values.includes(shown) ? undefined : values.join(' or '));
}

/** An instant within the window. */
export function within({ earliestMs, latestMs }: TimeWindow): Permitted {
  return (shown) => {
    const ms = Date.parse(String(shown));
    const isWithin = earliestMs <= ms && ms <= latestMs && shown === instant(ms);
    return isWithin ? undefined : `an instant from ${instant(earliestMs)} to ${instant(latestMs)}`;
  };
}

/** ISO 8601, UTC, ms; undefined stays undefined. */
export function instant(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  return Number.isFinite(ms) ? new Date(ms).toISOString() : 'no instant';
}

/** A sentence for each expected member (a value or {@link Permitted}) that is not shown. Dotted paths name members of members. */
export function differences(shown: Members, expected: Members): string[] {
  return Object.entries(expected).flatMap(([path, value]) => {
    const actual = path
      .split('.')
      .reduce<unknown>((from, name) => (from as Members | undefined)?.[name], shown);
    const isValue = typeof value !== 'function';
    const wanted = isValue ? (actual === value ? undefined : `${value}`) : (value as Permitted)(actual);
    return wanted === undefined ? [] : [`${path} is ${actual}, expected ${wanted}`];
  });
}

/** Compares the keys of a list with those expected: each once, no other and, if `isOrdered`, in this order. */
export function keyDifferences(
  expected: readonly string[],
  shown: readonly string[],
  isOrdered: boolean,
): string[] {
  const known = new Set(expected);
  const times = new Map<string, number>();
  for (const key of shown) times.set(key, (times.get(key) ?? 0) + 1);
  const found = [...known, ...times.keys()].flatMap((key) => {
    const count = times.get(key) ?? 0;
    if (!known.has(key)) return [`${key} belongs to no acknowledged command`];
    return count === 1 ? [] : [count === 0 ? `${key} is missing` : `${key} is there ${count} times`];
  });
  const wanted = [...known].filter((key) => times.has(key));
  const actual = [...times.keys()].filter((key) => known.has(key));
  const index = isOrdered ? actual.findIndex((key, position) => key !== wanted[position]) : -1;
  return index === -1 ? found : [...found, `${actual[index]} is in the place of ${wanted[index]}`];
}

import { createLTTB } from 'downsample';
import type { Measurement } from '../domain/metric.ts';

/**
 * The values that keep the shape of a series (largest triangle three buckets): all of them where they are no more than
 * `points`, exactly `points` otherwise, with the first and the last. `points`: at most 2,000, because the library passes
 * the values of one bucket as arguments of one call.
 */
export function thin(values: readonly Measurement[], points: number): readonly Measurement[] {
  if (values.length <= points) return values;
  // The areas of the largest doubles would be infinite. All values are scaled alike, so the areas compare as before.
  const largest = values.reduce((max, { value }) => Math.max(max, Math.abs(value)), Number.MIN_VALUE);
  const select = createLTTB<Measurement>({
    x: ({ at }) => Date.parse(at),
    y: ({ value }) => value / largest,
  });
  const selected = Array.from(select([...values], points));
  // The library may end with the last value but one.
  return [...selected.slice(0, -1), ...values.slice(-1)];
}

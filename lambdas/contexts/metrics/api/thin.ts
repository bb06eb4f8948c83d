import { createLTTB } from 'downsample';
import type { Measurement } from '../domain/metric.ts';

/**
 * Selects values that keep the shape of a series (largest triangle three buckets): all of them if there are at most
 * `points`, otherwise exactly `points`, including the first and the last. `points`: at most 2,000, because the library
 * passes the values of one bucket as arguments of one call.
 */
export function thin(values: readonly Measurement[], points: number): readonly Measurement[] {
  if (values.length <= points) return values;
  // The areas of the largest doubles would be infinite. Dividing all values by one number does not change the order of areas.
  const largest = values.reduce((max, { value }) => Math.max(max, Math.abs(value)), Number.MIN_VALUE);
  const select = createLTTB<Measurement>({
    x: ({ at }) => Date.parse(at),
    y: ({ value }) => value / largest,
  });
  const selected = Array.from(select([...values], points));
  // The library may end with the last value but one.
  return [...selected.slice(0, -1), ...values.slice(-1)];
}

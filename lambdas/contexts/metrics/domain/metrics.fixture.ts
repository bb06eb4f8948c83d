import type { MetricEvent } from './events.ts';
import type { MetricCommand } from './metric.ts';
import type { Direction } from './target.ts';

/** An instant of the specs' day: midnight plus seconds and milliseconds. */
export function at(seconds: number, ms = 0): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1_000 + ms).toISOString();
}

export const created = (now = at(0)): MetricEvent => ({
  type: 'Metric:Created',
  data: { name: 'Revenue', at: now },
});
export const targetSet = (
  value: number,
  deadline: string,
  setAt: string,
  direction?: Direction,
): MetricEvent => ({
  type: 'Metric:TargetSet',
  data: { value, deadline, ...(direction && { direction }), at: setAt },
});
export const recorded = (value: number, measuredAt: string): MetricEvent => ({
  type: 'Metric:ValueRecorded',
  data: { value, at: measuredAt },
});
export const reached = (target: number, value: number, reachedAt: string): MetricEvent => ({
  type: 'Metric:TargetReached',
  data: { target, value, at: reachedAt },
});
export const expired = (target: number, deadline: string): MetricEvent => ({
  type: 'Metric:Expired',
  data: { target, deadline },
});
export const archived = (now: string): MetricEvent => ({ type: 'Metric:Archived', data: { at: now } });

/** The deadline of {@link targeted}. */
export const deadline = at(60);
/** A metric with a target of 100, set at second 10. */
export const targeted = [created(), targetSet(100, deadline, at(10))];

export const create = (now: string): MetricCommand => ({ type: 'Create', name: 'Revenue', now });
export const setTarget = (
  value: number,
  deadline: string,
  now: string,
  direction?: Direction,
): MetricCommand => ({ type: 'SetTarget', value, deadline, direction, now });
/** Values as pairs of value and instant. A value without an instant was measured now. */
export const record = (
  now: string,
  ...values: readonly (readonly [value: number, at?: string | undefined])[]
): MetricCommand => ({
  type: 'RecordValues',
  values: values.map(([value, measuredAt]) => ({ value, at: measuredAt })),
  now,
});
export const expire = (deadline: string, now: string): MetricCommand => ({ type: 'Expire', deadline, now });
export const archive = (now: string): MetricCommand => ({ type: 'Archive', now });

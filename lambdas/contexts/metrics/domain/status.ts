import type { LiveMetric } from './metric.ts';

/** The statuses of a metric, as the API shows them. */
export const metricStatuses = ['untargeted', 'active', 'successful', 'expired', 'archived'] as const;

/** The status of a metric. It depends on the target unless the metric is archived. */
export type MetricStatus = (typeof metricStatuses)[number];

/** The status at an instant. A target whose deadline has passed is expired, even if no sweep has recorded it yet. */
export function statusOf({ status, target }: LiveMetric, now: string): MetricStatus {
  if (status === 'archived') return 'archived';
  if (target === undefined) return 'untargeted';
  if (target.outcome === 'reached') return 'successful';
  return target.outcome === 'expired' || target.deadline < now ? 'expired' : 'active';
}

import type { LiveMetric } from '../domain/metric.ts';

/**
 * What is stored about a metric's status. Time does not change it: a pending target becomes expired for whoever asks when its
 * deadline passes, but the phase stays `pending` until a sweep records the expiry. Phases are parts of the lists. Never rename one.
 */
export type Phase = 'untargeted' | 'pending' | 'reached' | 'expired' | 'archived';

/** The phase of a metric. */
export function phaseOf({ status, target }: LiveMetric): Phase {
  if (status === 'archived') return 'archived';
  return target?.outcome ?? 'untargeted';
}

import type { ListOf } from '../../../schema/contexts.ts';
import type { ReadModel } from '../../kernel/index.ts';
import { contextUnderTest } from '../context-under-test.fixture.ts';
import context from './context.ts';
import type { Measurement } from './domain/metric.ts';
import { at } from './domain/metrics.fixture.ts';
import type { MetricRow } from './read-model/projection.ts';

export type MetricsUnderTest = ReturnType<typeof metricsUnderTest>;

/** Metrics in memory, called through their routes, all filed. The time is midnight. Default: a read model in memory. */
export function metricsUnderTest(readModel?: ReadModel<MetricRow, Measurement, ListOf<'metrics'>>) {
  const api = contextUnderTest(context, { now: at(0), ...(readModel && { readModel }) });
  // Nobody waits for it: bookmarks in memory note a place at once.
  void api.bookmarks.notePlace('metrics-filing', 'done');
  return api;
}

import type { ListOf } from '../../../../schema/contexts.ts';
import type { ReadEntries } from '../../../http/filtered-page.ts';
import { mergedLists, rowsIn, sortedRows } from '../../../http/list-reads.ts';
import type { KeyBounds, ListedRow, ReadModel } from '../../../kernel/index.ts';
import type { Measurement } from '../domain/metric.ts';
import type { MetricStatus } from '../domain/status.ts';
import { nameKeysFrom } from '../read-model/name-key.ts';
import type { Phase } from '../read-model/phase.ts';
import { type MetricRow, metricsProjection } from '../read-model/projection.ts';

/** The filters and the order of a list of metrics. */
export interface MetricFilters {
  readonly status?: MetricStatus | undefined;
  readonly name?: string | undefined;
  readonly deadlineBefore?: string | undefined;
  readonly sort: 'name' | 'deadline';
}

type MetricLists = Pick<ReadModel<MetricRow, Measurement, ListOf<'metrics'>>, 'list' | 'count'>;
type Bounds = Pick<KeyBounds, 'from' | 'to'>;
type ReadRows = ReadEntries<ListedRow<MetricRow>>;

/** A part of the lists, and the deadlines that a status has in it. No part: all of the lists. */
interface Selection {
  readonly part?: Phase | undefined;
  readonly deadlines?: Bounds;
}

/**
 * Reads the metrics that may match, in the order of the query, from the smallest parts of the lists. The caller filters the rows.
 * Only one dimension, name or deadline, bounds a list. If the other dimension has at most 1,000 metrics, these are read and
 * sorted in memory. Otherwise the list is read in order, and metrics are skipped.
 * @param filed whether all metrics are in the parts; otherwise the lists are read whole
 */
export async function findMetrics(
  readModel: MetricLists,
  filters: MetricFilters,
  now: string,
  filed: boolean,
): Promise<ReadRows> {
  const selections = filed ? selectionsOf(filters.status, now) : [{}];
  return mergedLists(await Promise.all(selections.map((selection) => rowsOf(readModel, filters, selection))));
}

/** Where the metrics of a status are. Keys are `deadline#id`, so those before an instant have an earlier deadline. */
function selectionsOf(status: MetricStatus | undefined, now: string): readonly Selection[] {
  switch (status) {
    case undefined:
      return [{}];
    case 'successful':
      return [{ part: 'reached' }];
    case 'active':
      return [{ part: 'pending', deadlines: { from: now } }];
    case 'expired':
      return [{ part: 'expired' }, { part: 'pending', deadlines: { to: now } }];
    default:
      return [{ part: status }];
  }
}

async function rowsOf(
  readModel: MetricLists,
  { sort, name, deadlineBefore }: MetricFilters,
  { part, deadlines }: Selection,
): Promise<ReadRows> {
  const lists = {
    name: { list: 'byName', bounds: name === undefined ? undefined : nameKeysFrom(name) },
    deadline: { list: 'byDeadline', bounds: earlier(deadlines, deadlineBefore) },
  } as const;
  const ordered = lists[sort];
  const other = lists[sort === 'name' ? 'deadline' : 'name'];
  const keyOf = (row: MetricRow) => metricsProjection.listKeys(row)[ordered.list];
  const sorted = other.bounds && (await sortedRows(readModel, other.list, { part, ...other.bounds }, keyOf));
  return sorted ?? rowsIn(readModel, ordered.list, { part, ...ordered.bounds });
}

/** Bounds that also end at `deadlineBefore`. */
function earlier(bounds: Bounds | undefined, deadlineBefore: string | undefined): Bounds | undefined {
  if (deadlineBefore === undefined) return bounds;
  const { to = deadlineBefore } = bounds ?? {};
  return { ...bounds, to: to < deadlineBefore ? to : deadlineBefore };
}

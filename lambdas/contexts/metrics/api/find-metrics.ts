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

/** Up to this many metrics of a part are skipped, rather than all others sorted. */
const skippedMaxRows = 100;

/** A part of the lists, and the deadlines that a status has in it. No part: all of the lists. */
interface Selection {
  readonly part?: Phase | undefined;
  readonly deadlines?: Bounds;
  /** The deadlines in the part that the status does not have. */
  readonly skipped?: Bounds;
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
      return [{ part: 'pending', deadlines: { from: now }, skipped: { to: now } }];
    case 'expired':
      return [{ part: 'expired' }, { part: 'pending', deadlines: { to: now }, skipped: { from: now } }];
    default:
      return [{ part: status }];
  }
}

async function rowsOf(
  readModel: MetricLists,
  filters: MetricFilters,
  selection: Selection,
): Promise<ReadRows> {
  const { sort, name, deadlineBefore } = filters;
  const { part, deadlines } = selection;
  const lists = {
    name: { list: 'byName', bounds: name === undefined ? undefined : nameKeysFrom(name) },
    deadline: { list: 'byDeadline', bounds: earlier(deadlines, deadlineBefore) },
  } as const;
  const ordered = lists[sort];
  const other = lists[sort === 'name' ? 'deadline' : 'name'];
  const read = rowsIn(readModel, ordered.list, { part, ...ordered.bounds });
  if (other.bounds === undefined || (await skipsFew(readModel, filters, selection))) return read;
  const keyOf = (row: MetricRow) => metricsProjection.listKeys(row)[ordered.list];
  return (await sortedRows(readModel, other.list, { part, ...other.bounds }, keyOf)) ?? read;
}

/** True if only the deadlines of the status have to be skipped in the list by name, and these are few. */
async function skipsFew(
  readModel: MetricLists,
  { sort, deadlineBefore }: MetricFilters,
  { part, skipped }: Selection,
): Promise<boolean> {
  if (sort !== 'name' || deadlineBefore !== undefined || skipped === undefined) return false;
  const count = await readModel.count('byDeadline', { part, ...skipped }, skippedMaxRows + 1);
  return count <= skippedMaxRows;
}

/** Bounds that also end at `deadlineBefore`. */
function earlier(bounds: Bounds | undefined, deadlineBefore: string | undefined): Bounds | undefined {
  if (deadlineBefore === undefined) return bounds;
  const { to = deadlineBefore } = bounds ?? {};
  return { ...bounds, to: to < deadlineBefore ? to : deadlineBefore };
}

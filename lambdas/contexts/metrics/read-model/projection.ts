import type { ListOf } from '../../../../schema/contexts.ts';
import { idOfStream, type Projection, type RecordedEvent, versionKey } from '../../../kernel/index.ts';
import { type MetricEvent, metricEvents } from '../domain/events.ts';
import { evolveKnown, type LiveMetric, type Measurement } from '../domain/metric.ts';
import { nameKey } from './name-key.ts';
import { phaseOf } from './phase.ts';

/** A metric, as queries and the sweep read it. */
export interface MetricRow {
  readonly id: string;
  readonly name: string;
  readonly unit?: string | undefined;
  readonly description?: string | undefined;
  readonly updatedAt: string;
  /** The metric's state, folded by the decider's `evolve`. */
  readonly metric: LiveMetric;
  /** Id of the event that set the current target. The sweep derives the id of its command from it. */
  readonly targetEventId?: string | undefined;
}

/** The read model of metrics and their histories. */
export const metricsProjection = {
  name: 'metrics',
  category: 'metrics',
  events: metricEvents,
  project: (row, event) => {
    if (event.type === 'Metric:Created') return { row: created(event) };
    if (row === undefined) throw new Error(`${event.stream} does not begin with Metric:Created.`);
    const next: MetricRow = {
      ...row,
      updatedAt: event.committedAt,
      metric: evolveKnown(row.metric, event),
      ...(event.type === 'Metric:TargetSet' && { targetEventId: event.id }),
    };
    if (event.type !== 'Metric:ValueRecorded') return { row: next };
    return { row: next, line: { key: measurementKey(event.data.at, event.version), line: event.data } };
  },
  listKeys: ({ id, name, metric: { status, target } }) => ({
    // A name key never has two spaces together, and two spaces sort before any other continuation of a longer name.
    byName: `${nameKey(name)}  #${id}`,
    byDeadline: `${target?.deadline ?? noDeadline}#${id}`,
    due: status === 'live' && target?.outcome === 'pending' ? `${target.deadline}#${id}` : undefined,
  }),
  // The sweep reads the due metrics of all tenants.
  sharedLists: ['due'],
  parts: { lists: ['byName', 'byDeadline'], partOf: ({ metric }) => phaseOf(metric) },
} satisfies Projection<MetricEvent, MetricRow, Measurement, ListOf<'metrics'>>;

/** The key of metrics without a deadline. It sorts after every deadline. */
const noDeadline = '~';

/** The key of a value in the history: by instant of measurement, then by order of recording. */
export function measurementKey(at: string, version: number): string {
  return `${at}#${versionKey(version)}`;
}

function created(event: RecordedEvent & Extract<MetricEvent, { type: 'Metric:Created' }>): MetricRow {
  const { stream, committedAt, data } = event;
  return {
    id: idOfStream(stream),
    name: data.name,
    unit: data.unit,
    description: data.description,
    updatedAt: committedAt,
    metric: { status: 'live', createdAt: data.at },
  };
}

export default metricsProjection;

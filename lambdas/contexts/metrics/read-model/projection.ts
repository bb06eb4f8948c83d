import type { ListOf } from '../../../../schema/contexts.ts';
import { idOfStream, type Projection, type RecordedEvent, versionKey } from '../../../kernel/index.ts';
import { type MetricEvent, metricEvents } from '../domain/events.ts';
import { evolveKnown, type LiveMetric, type Measurement } from '../domain/metric.ts';

/** A metric as queries and the sweep see it. */
export interface MetricRow {
  readonly id: string;
  readonly name: string;
  readonly unit?: string | undefined;
  readonly description?: string | undefined;
  readonly updatedAt: string;
  /** The metric's own state: the same rules make it here and where commands are decided. */
  readonly metric: LiveMetric;
  /** Id of the event that set the current target: what the sweep's command derives its id from. */
  readonly targetEventId?: string | undefined;
}

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
    // Two blanks, which no name key holds, sort before all that a longer name goes on with.
    byName: `${nameKey(name)}  #${id}`,
    byDeadline: `${target?.deadline ?? noDeadline}#${id}`,
    due: status === 'live' && target?.outcome === 'pending' ? `${target.deadline}#${id}` : undefined,
  }),
} satisfies Projection<MetricEvent, MetricRow, Measurement, ListOf<'metrics'>>;

/** Sorts behind every deadline. */
const noDeadline = '~';

/** What names are sorted and searched by: neither case, nor how accents are encoded or words spaced, matters. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ');
}

/** The history is sorted by when values were measured, those of one instant by when they were recorded. */
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

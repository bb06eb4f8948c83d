import * as z from 'zod';
import { type Decider, type Decision, reject } from '../../../kernel/index.ts';
import type { MetricEvent } from './events.ts';
import { type Direction, isReachedBy, type Target } from './target.ts';

/** The commands on a metric. Instants are ISO 8601, UTC, ms, and compare as text. `now` is the time of the command. */
export type MetricCommand =
  | {
      readonly type: 'Create';
      readonly name: string;
      readonly unit?: string | undefined;
      readonly description?: string | undefined;
      readonly now: string;
    }
  | {
      readonly type: 'SetTarget';
      readonly value: number;
      readonly deadline: string;
      /** Default: `at-least`. */
      readonly direction?: Direction | undefined;
      readonly now: string;
    }
  /** A value without `at` was measured now. */
  | {
      readonly type: 'RecordValues';
      readonly values: readonly { readonly value: number; readonly at?: string | undefined }[];
      readonly now: string;
    }
  /** From the sweep. `deadline`: of the target that the sweep read. The target may have been replaced meanwhile. */
  | { readonly type: 'Expire'; readonly deadline: string; readonly now: string }
  | { readonly type: 'Archive'; readonly now: string };

/** A value and the instant of its measurement. */
export interface Measurement {
  readonly value: number;
  readonly at: string;
}

/** The state of a metric. */
export type Metric =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'live' | 'archived';
      readonly createdAt: string;
      /** The value with the latest `at`; of several at that instant, the last recorded. */
      readonly current?: Measurement;
      readonly target?: Target;
    };

/** The state of a metric that exists. */
export type LiveMetric = Extract<Metric, { status: 'live' | 'archived' }>;

/** The states after the first event, for {@link Decider.isState}. */
const existing = z.object({
  status: z.enum(['live', 'archived']),
  createdAt: z.string(),
  current: z.object({ value: z.number(), at: z.string() }).optional(),
  target: z
    .object({
      value: z.number(),
      deadline: z.string(),
      setAt: z.string(),
      outcome: z.enum(['pending', 'reached', 'expired']),
      reachedAt: z.string().optional(),
    })
    .optional(),
});

/** The rules of metrics. */
export const metrics: Decider<Metric, MetricCommand, MetricEvent> = {
  category: 'metrics',
  stateVersion: 1,
  isState: (value) => existing.safeParse(value).success,
  initialState: () => ({ status: 'unknown' }),
  evolve,
  decide,
};

function evolve(metric: Metric, event: MetricEvent): Metric {
  if (event.type === 'Metric:Created') return { status: 'live', createdAt: event.data.at };
  return metric.status === 'unknown' ? metric : evolveKnown(metric, event);
}

/** The state of an existing metric after an event. */
export function evolveKnown(
  metric: LiveMetric,
  event: Exclude<MetricEvent, { type: 'Metric:Created' }>,
): LiveMetric {
  switch (event.type) {
    case 'Metric:TargetSet': {
      const { value, deadline, direction, at } = event.data;
      const goal = { value, deadline, ...(direction !== undefined && { direction }) };
      return { ...metric, target: { ...goal, setAt: at, outcome: 'pending' } };
    }
    case 'Metric:ValueRecorded':
      if (!Number.isFinite(event.data.value)) throw new TypeError('A recorded value is not a finite number.');
      return isCurrent(metric, event.data.at) ? { ...metric, current: event.data } : metric;
    case 'Metric:TargetReached':
      return settled(metric, { outcome: 'reached', reachedAt: event.data.at });
    case 'Metric:Expired':
      return settled(metric, { outcome: 'expired' });
    case 'Metric:Archived':
      return { ...metric, status: 'archived' };
    default: {
      const unknown: never = event;
      throw new TypeError(`Not a metric event: ${JSON.stringify(unknown)}`);
    }
  }
}

function settled(metric: LiveMetric, outcome: Pick<Target, 'outcome' | 'reachedAt'>): LiveMetric {
  return metric.target ? { ...metric, target: { ...metric.target, ...outcome } } : metric;
}

function decide(command: MetricCommand, metric: Metric): Decision<MetricEvent> {
  if (command.type === 'Create') return create(command, metric);
  if (metric.status === 'unknown') {
    return reject('not-found', 'metrics/not-found', 'There is no metric with this id. Create it first.');
  }
  // If the target was replaced, the command is late and is ignored.
  if (command.type === 'Expire') {
    return metric.target?.deadline === command.deadline ? overdue(metric, command.now) : [];
  }
  if (metric.status === 'archived') {
    return reject('refused', 'metrics/archived', 'The metric is archived. It can be read but not changed.');
  }
  switch (command.type) {
    case 'SetTarget':
      return setTarget(command, metric);
    case 'RecordValues':
      return recordValues(command, metric);
    case 'Archive':
      return [...overdue(metric, command.now), { type: 'Metric:Archived', data: { at: command.now } }];
    default: {
      const unknown: never = command;
      throw new TypeError(`Not a metric command: ${JSON.stringify(unknown)}`);
    }
  }
}

function create(command: Extract<MetricCommand, { type: 'Create' }>, metric: Metric): Decision<MetricEvent> {
  if (metric.status !== 'unknown') {
    return reject('refused', 'metrics/already-exists', 'A metric with this id already exists.');
  }
  const { name, unit, description, now } = command;
  const data = {
    name,
    ...(unit !== undefined && { unit }),
    ...(description !== undefined && { description }),
    at: now,
  };
  return [{ type: 'Metric:Created', data }];
}

function setTarget(
  { value, deadline, direction, now }: Extract<MetricCommand, { type: 'SetTarget' }>,
  metric: LiveMetric,
): Decision<MetricEvent> {
  if (deadline <= now) {
    return reject(
      'invalid',
      'metrics/deadline-passed',
      `A deadline must be in the future; ${deadline} is not.`,
    );
  }
  const target = { value, deadline, ...(direction !== undefined && { direction }) };
  const events: MetricEvent[] = [
    ...overdue(metric, now),
    { type: 'Metric:TargetSet', data: { ...target, at: now } },
  ];
  // If the current value is enough, the target is reached when it is set.
  if (metric.current !== undefined && isReachedBy(target, metric.current.value)) {
    events.push({
      type: 'Metric:TargetReached',
      data: { target: value, value: metric.current.value, at: now },
    });
  }
  return events;
}

function recordValues(
  { values, now }: Extract<MetricCommand, { type: 'RecordValues' }>,
  metric: LiveMetric,
): Decision<MetricEvent> {
  const events: MetricEvent[] = [];
  let state = metric;
  const present = presentOf(metric, now);
  const inOrder = values
    .map(({ value, at = present }) => ({ value, at }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  for (const measured of inOrder) {
    if (measured.at > present) {
      return reject(
        'invalid',
        'metrics/in-the-future',
        `A value cannot be measured in the future: ${measured.at}.`,
      );
    }
    if (measured.at < metric.createdAt) {
      const detail = `The metric was created at ${metric.createdAt}; ${measured.at} is earlier.`;
      return reject('invalid', 'metrics/before-creation', detail);
    }
    const happened: MetricEvent[] = [
      { type: 'Metric:ValueRecorded', data: measured },
      ...reached(state, measured),
    ];
    state = happened.reduce((before, event) => evolve(before, event) as LiveMetric, state);
    events.push(...happened);
  }
  return events;
}

/**
 * The event of a value that reaches the target. The value must be enough and measured by the deadline. It counts even if
 * the target has expired. A value from before the target was set counts only if it is the newest value.
 */
function reached(metric: LiveMetric, { value, at }: Measurement): MetricEvent[] {
  const { target } = metric;
  if (!target || target.outcome === 'reached' || at > target.deadline) return [];
  if (!isReachedBy(target, value)) return [];
  if (at < target.setAt && !isCurrent(metric, at)) return [];
  const reachedAt = at < target.setAt ? target.setAt : at;
  return [{ type: 'Metric:TargetReached', data: { target: target.value, value, at: reachedAt } }];
}

function isCurrent(metric: LiveMetric, at: string): boolean {
  return metric.current === undefined || at >= metric.current.at;
}

/** The instant of values without `at`: now, but not before the newest value. The clocks of Lambdas differ. */
function presentOf({ createdAt, current }: LiveMetric, now: string): string {
  return [createdAt, current?.at ?? createdAt].reduce((latest, at) => (at > latest ? at : latest), now);
}

/** The expiry of a pending target whose deadline has passed. The sweep or an earlier command records it. */
function overdue({ status, target }: LiveMetric, now: string): MetricEvent[] {
  if (status === 'archived' || target?.outcome !== 'pending' || target.deadline >= now) return [];
  return [{ type: 'Metric:Expired', data: { target: target.value, deadline: target.deadline } }];
}

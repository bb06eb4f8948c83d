import type { PersonCommand } from '../../history.ts';
import {
  type Decided,
  type ExpectedEvent,
  type ExpectedLine,
  ok,
  type PlacedEvent,
  paddedVersion,
  type Rules,
  refused,
  type TimeWindow,
} from './rules.ts';

/** A metric. Instants are ISO 8601, and compare as text. */
export interface Metric {
  readonly status: 'absent' | 'live' | 'archived';
  readonly name: unknown;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The value with the latest instant. */
  readonly current?: { readonly value: number; readonly at: string } | undefined;
  readonly target?: Target | undefined;
}

interface Target {
  readonly value: number;
  readonly direction: string;
  readonly deadline: string;
  readonly setAt: string;
  readonly outcome: 'pending' | 'reached' | 'expired';
  readonly reachedAt?: string | undefined;
}

type MetricCommand = Extract<PersonCommand, { context: 'metrics' }>;
type SetTarget = Extract<MetricCommand, { do: 'set-target' }>;

const absent: Metric = { status: 'absent', name: undefined, createdAt: '', updatedAt: '' };

/** The clock of the sweeper may be ahead of the clock that stamps its commits by this time, in ms. */
const clocksMayDifferMs = 1_000;

export const metricRules: Rules<Metric> = {
  initial: absent,
  evolve,
  decide: ([metric = absent], command, now) =>
    command.context === 'metrics' ? decide(metric, command, now) : refused('not-metrics'),
  answer: (metric, now) => ({ status: statuses(metric, now), value: [metric.current?.value] }),
  row: (metric, row, now) => {
    const { name, updatedAt, createdAt, current } = metric;
    if ('metric' in row) return { name: [name], updatedAt: [updatedAt], metric: storedForms(metric) };
    const target = shownTarget(metric.target);
    const shown = { name: [name], updatedAt: [updatedAt], createdAt: [createdAt], current: [current] };
    return { ...shown, target: [target], status: statuses(metric, now) };
  },
  line: (_, { type, version, data }): ExpectedLine | undefined => {
    const { value, at } = data;
    if (type !== 'Metric:ValueRecorded') return undefined;
    return { key: `${String(at)}#${paddedVersion(version)}`, line: { value, at } };
  },
  reactionProblem,
};

function evolve(metric: Metric, { type, data, committedAt: updatedAt }: PlacedEvent): Metric {
  const at = String(data['at']);
  const value = Number(data['value']);
  const { target, current } = metric;
  switch (type) {
    case 'Metric:Created':
      return { status: 'live', name: data['name'], createdAt: at, updatedAt };
    case 'Metric:TargetSet': {
      const direction = String(data['direction'] ?? 'at-least');
      const deadline = String(data['deadline']);
      const set: Target = { value, direction, deadline, setAt: at, outcome: 'pending' };
      return { ...metric, target: set, updatedAt };
    }
    case 'Metric:ValueRecorded': {
      const isNewest = current === undefined || at >= current.at;
      return { ...metric, current: isNewest ? { value, at } : current, updatedAt };
    }
    case 'Metric:TargetReached':
      return { ...metric, target: target && { ...target, outcome: 'reached', reachedAt: at }, updatedAt };
    case 'Metric:Expired':
      return { ...metric, target: target && { ...target, outcome: 'expired' }, updatedAt };
    case 'Metric:Archived':
      return { ...metric, status: 'archived', updatedAt };
    default:
      return { ...metric, updatedAt };
  }
}

function decide(metric: Metric, command: MetricCommand, now: string): Decided {
  if (command.do === 'create') {
    if (metric.status !== 'absent') return refused('metrics/already-exists');
    return ok([{ type: 'Metric:Created', data: { name: command.name, at: now } }]);
  }
  if (metric.status === 'absent') return refused('metrics/not-found');
  if (metric.status === 'archived') return refused('metrics/archived');
  switch (command.do) {
    case 'set-target':
      return setTarget(metric, command, now);
    case 'record':
      return ok(recorded(metric, command.values, now));
    case 'archive':
      return ok([...overdue(metric, now), { type: 'Metric:Archived', data: { at: now } }]);
  }
}

function setTarget(metric: Metric, { value, deadline, direction }: SetTarget, now: string): Decided {
  if (deadline <= now) return refused('metrics/deadline-passed');
  // Events without a direction are of targets that values must be at least.
  const fits = (data: Readonly<Record<string, unknown>>) => (data['direction'] ?? 'at-least') === direction;
  const form = direction === 'at-least' ? {} : { direction };
  const set = { type: 'Metric:TargetSet', data: { value, deadline, ...form, at: now }, fits };
  const { current } = metric;
  if (current === undefined || !isEnough(current.value, { value, direction })) {
    return ok([...overdue(metric, now), set]);
  }
  const data = { target: value, value: current.value, at: now };
  return ok([...overdue(metric, now), set, { type: 'Metric:TargetReached', data }]);
}

function isEnough(value: number, target: Pick<Target, 'value' | 'direction'>): boolean {
  return target.direction === 'at-most' ? value <= target.value : value >= target.value;
}

/** A pending target whose deadline has passed expires before it is replaced or archived. */
function overdue({ target }: Metric, now: string): readonly ExpectedEvent[] {
  if (target?.outcome !== 'pending' || target.deadline >= now) return [];
  return [{ type: 'Metric:Expired', data: { target: target.value, deadline: target.deadline } }];
}

/** Values are measured now, but not before the newest one: clocks differ. One event reaches the target, if any. */
function recorded(
  { createdAt, current, target }: Metric,
  values: readonly number[],
  now: string,
): ExpectedEvent[] {
  const at = latest(now, createdAt, current?.at ?? '');
  const reaching =
    target !== undefined && target.outcome !== 'reached' && at <= target.deadline
      ? values.findIndex((value) => isEnough(value, target))
      : -1;
  return values.flatMap((value, index): ExpectedEvent[] => {
    const event = { type: 'Metric:ValueRecorded', data: { value, at } };
    if (index !== reaching || target === undefined) return [event];
    const reachedAt = latest(at, target.setAt);
    const data = { target: target.value, value, at: reachedAt };
    return [event, { type: 'Metric:TargetReached', data }];
  });
}

function latest(...instants: readonly string[]): string {
  return instants.toSorted().at(-1) ?? '';
}

/** The statuses that somebody may see within the window: nobody has to record that a deadline passes. */
function statuses({ status, target }: Metric, { earliestMs, latestMs }: TimeWindow): readonly string[] {
  if (status === 'archived') return ['archived'];
  if (target === undefined) return ['untargeted'];
  if (target.outcome === 'reached') return ['successful'];
  if (target.outcome === 'expired') return ['expired'];
  const deadlineMs = Date.parse(target.deadline);
  if (deadlineMs < earliestMs) return ['expired'];
  return deadlineMs >= latestMs ? ['active'] : ['active', 'expired'];
}

/** A target as it is stored: the direction may be missing if values must be at least the target. */
function storedForms({ status, createdAt, current, target }: Metric): readonly object[] {
  const form = { status, createdAt, current, target };
  if (target?.direction !== 'at-least') return [form];
  const { direction: _, ...short } = target;
  return [form, { ...form, target: short }];
}

function shownTarget(target: Target | undefined): object | undefined {
  if (target === undefined) return undefined;
  const { outcome: _, ...shown } = target;
  return shown;
}

/** The sweeper expires a pending target once, after its deadline. */
function reactionProblem({ status, target }: Metric, events: readonly PlacedEvent[]): string | undefined {
  const [event, more] = events;
  if (event?.type !== 'Metric:Expired' || more !== undefined)
    return 'The sweeper records nothing but expiries.';
  if (status !== 'live' || target?.outcome !== 'pending') return 'No target was pending.';
  const { data, committedAt } = event;
  if (data['target'] !== target.value || data['deadline'] !== target.deadline) return 'It is another target.';
  const isOver = Date.parse(target.deadline) < Date.parse(committedAt) + clocksMayDifferMs;
  return isOver ? undefined : `The deadline ${target.deadline} has not passed.`;
}

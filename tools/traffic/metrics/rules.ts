import type { ContextTypes, Decision, Done } from '../context-types.ts';
import type { TimeWindow } from '../server-clock.ts';

export const metricStatuses = ['untargeted', 'active', 'successful', 'expired', 'archived'] as const;
export type MetricStatus = (typeof metricStatuses)[number];

/** No two values of a metric are equal, so a line of the history shows which one it is. Instants in ms since 1970. */
export interface MetricValue {
  readonly value: number;
  /** Undefined: the server chooses the instant, when it carries out the command. */
  readonly atMs?: number | undefined;
}

/** The current target of a metric. */
export interface Target {
  readonly value: number;
  readonly deadlineMs: number;
  /** The version that set it. */
  readonly version: number;
  readonly setAt: TimeWindow;
  readonly outcome: 'pending' | 'reached' | 'expired';
  /** When the value that reached it was measured. -Infinity: before it was set; undefined: several may have reached it. */
  readonly reachedAtMs?: number | undefined;
}

/** A metric, as far as acknowledged commands show it. */
export interface MetricState {
  readonly version: number;
  readonly name: string;
  readonly unit?: string | undefined;
  readonly description?: string | undefined;
  /** By the server's clock. */
  readonly createdAtMs: number;
  readonly isArchived: boolean;
  /** The value with the latest instant; known after a replay only. */
  readonly current?: { readonly value: number; readonly atMs: number };
  readonly target?: Target;
}

export type MetricCommand =
  | { readonly kind: 'create' | 'archive' }
  | { readonly kind: 'target'; readonly value: number; readonly deadlineMs: number }
  | { readonly kind: 'values'; readonly values: readonly MetricValue[] };

export interface MetricTypes extends ContextTypes {
  readonly State: MetricState;
  readonly Command: MetricCommand;
  readonly Result: { readonly status: MetricStatus; readonly value: number | undefined };
}

/**
 * Every decision that the rules permit for a command whose values all have an instant. There are several when the
 * clocks do not show whether something happened before or after a deadline, or the setting of a target.
 */
export function* decisions(before: MetricState, done: Done<MetricTypes>): Generator<Decision<MetricTypes>> {
  if (before.isArchived) return yield { refused: 'metrics/archived' };
  const created = done.command.kind === 'create';
  for (const expired of withExpiry(before, done)) {
    for (const state of statesAfter(expired, done)) {
      const value = state.current?.value;
      for (const status of possibleStatuses(state, done.now)) {
        yield { reply: { version: state.version, created, result: { status, value } }, state };
      }
    }
  }
}

/** The versions that a row may show within the window: the sweep may have recorded an expiry, or not yet. */
export function possibleVersions(state: MetricState, now: TimeWindow): number[] {
  return mayExpire(state, now) ? [state.version, state.version + 1] : [state.version];
}

/** The statuses that a row may show within the window. */
export function possibleStatuses({ isArchived, target }: MetricState, now: TimeWindow): MetricStatus[] {
  if (isArchived) return ['archived'];
  if (!target) return ['untargeted'];
  if (target.outcome !== 'pending') return [target.outcome === 'reached' ? 'successful' : 'expired'];
  if (target.deadlineMs < now.earliestMs) return ['expired'];
  return target.deadlineMs >= now.latestMs ? ['active'] : ['active', 'expired'];
}

/**
 * The sweep may record the expiry of a target before the command. If the deadline has certainly passed, the sweep or the
 * command itself must record it; values alone do not.
 */
function withExpiry(state: MetricState, { command, now }: Done<MetricTypes>): MetricState[] {
  const { target, version } = state;
  if (!target || !mayExpire(state, now)) return [state];
  const expired: MetricState = { ...state, version: version + 1, target: { ...target, outcome: 'expired' } };
  const mustExpire = command.kind !== 'values' && target.deadlineMs < now.earliestMs;
  return mustExpire ? [expired] : [state, expired];
}

function mayExpire({ target, isArchived }: MetricState, { latestMs }: TimeWindow): boolean {
  return !isArchived && target?.outcome === 'pending' && target.deadlineMs < latestMs;
}

function statesAfter(state: MetricState, { command, now }: Done<MetricTypes>): Iterable<MetricState> {
  const version = state.version + 1;
  switch (command.kind) {
    case 'create':
      return [{ ...state, version }];
    case 'archive':
      return [{ ...state, version, isArchived: true }];
    case 'values':
      return afterValues(state, command.values);
    case 'target': {
      const { value, deadlineMs } = command;
      const target = { value, deadlineMs, setAt: now, version, outcome: 'pending' } as const;
      const isReached = state.current !== undefined && state.current.value >= value;
      if (!isReached) return [{ ...state, version, target }];
      const reached = { ...target, outcome: 'reached', reachedAtMs: Number.NEGATIVE_INFINITY } as const;
      return [{ ...state, version: version + 1, target: reached }];
    }
  }
}

/** An event for each value, in the order of their instants, and one more if the target is reached. */
function* afterValues(before: MetricState, values: readonly MetricValue[]): Generator<MetricState> {
  let { current } = before;
  const reaching: { readonly atMs: number; readonly isCertain: boolean }[] = [];
  const measured = values.map(({ value, atMs = Number.NaN }) => ({ value, atMs }));
  for (const one of measured.sort((a, b) => a.atMs - b.atMs)) {
    const isNewest = current === undefined || one.atMs >= current.atMs;
    const chance = chanceToReach(before.target, one, isNewest);
    if (chance !== 'none') reaching.push({ atMs: one.atMs, isCertain: chance === 'certain' });
    if (isNewest) current = one;
  }
  const version = before.version + values.length;
  const after: MetricState = { ...before, version, ...(current && { current }) };
  if (!reaching.some(({ isCertain }) => isCertain)) yield after;
  const [first] = reaching;
  if (!first || !before.target) return;
  const reachedAtMs = first.isCertain ? first.atMs : undefined;
  const target = { ...before.target, outcome: 'reached', reachedAtMs } as const;
  yield { ...after, version: version + 1, target };
}

/** A value measured before the target was set counts only if it is the newest of the metric. */
function chanceToReach(
  target: Target | undefined,
  { value, atMs }: { readonly value: number; readonly atMs: number },
  isNewest: boolean,
): 'none' | 'open' | 'certain' {
  if (!target || target.outcome === 'reached' || value < target.value || atMs > target.deadlineMs)
    return 'none';
  if (isNewest || atMs >= target.setAt.latestMs) return 'certain';
  return atMs < target.setAt.earliestMs ? 'none' : 'open';
}

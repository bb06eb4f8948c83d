import type { Aggregate } from '../aggregate.ts';
import type { Done, Members, Reply } from '../context-types.ts';
import { instant, oneOf, within } from '../differences.ts';
import type { ContextModel, Writing } from '../model.ts';
import { anyTime } from '../server-clock.ts';
import { metricPlans, plannedTarget, reachingValue, valueNow } from './plans.ts';
import {
  decisions,
  type MetricCommand,
  type MetricState,
  type MetricTypes,
  metricStatuses,
  possibleStatuses,
  possibleVersions,
} from './rules.ts';

const zoneHours = 2;
/** The comparison waits for a deadline that is no further away than this. */
const soonMs = 60_000;

/** Metrics with targets of all kinds. `run`: part of every name. */
export function metricsModel(metrics: number, run: string): ContextModel<MetricTypes> {
  const namePrefix = `Traffic ${run} `;
  let count = 0;
  return {
    name: 'metrics',
    noun: 'metric',
    size: metrics,
    statusOf: {
      'metrics/archived': 409,
      'metrics/not-found': 404,
      'metrics/deadline-passed': 400,
      'metrics/in-the-future': 400,
      'metrics/before-creation': 400,
      'invalid-body': 400,
      'version-mismatch': 412,
      'idempotency-key-reused': 422,
    },
    notFound: 'metrics/not-found',
    ended: 'metrics/archived',
    create: () => {
      count += 1;
      const name = `${namePrefix}${String(count).padStart(6, '0')}`;
      const unit = count % 2 === 0 ? 'EUR' : undefined;
      const description = count % 3 === 0 ? `The metric with the number ${count}.` : undefined;
      const state = { version: 0, name, unit, description, createdAtMs: 0, isArchived: false };
      return { state, command: { kind: 'create' } };
    },
    withCreation: (state, createdAtMs) => ({ ...state, createdAtMs }),
    plans: metricPlans,
    lifecycle: [plannedTarget, reachingValue, () => ({ kind: 'archive' })],
    probe: valueNow,
    request,
    alter: (command) => {
      if (command.kind === 'target') return { ...command, value: command.value + 1 };
      if (command.kind !== 'values') return undefined;
      return { ...command, values: command.values.map((one) => ({ ...one, value: one.value + 1 })) };
    },
    readResult: ({ status: shown, value }) => {
      const status = metricStatuses.find((one) => one === shown);
      const isValid = status !== undefined && (value === undefined || typeof value === 'number');
      return isValid ? { status, value } : undefined;
    },
    expect: (state, command, now) => {
      const [decision] = command.kind === 'create' ? decisions(state, { command, version: 1, now }) : [];
      const isLate = command.kind === 'target' && command.deadlineMs <= now.latestMs;
      return { decision, refusals: isLate ? ['metrics/deadline-passed'] : [] };
    },
    evolve,
    resolve: withInstants,
    replay: decisions,
    row,
    // The sweep may have recorded an expiry.
    freshRow: ({ version }) => ({ version: oneOf([version, version + 1]), createdAt: within(anyTime) }),
    lines: {
      noun: 'values',
      path: 'history',
      key: 'value',
      newestFirst: false,
      of: ({ command }) =>
        command.kind === 'values'
          ? command.values.map(({ value, atMs }) => ({ value, at: instant(atMs) }))
          : [],
      compare: (one, other) => Date.parse(String(one['at'])) - Date.parse(String(other['at'])),
    },
    list: { filter: { name: namePrefix }, sortKey: ({ name }) => name },
    isSettled: ({ target }, { earliestMs }) => {
      const leftMs = target ? target.deadlineMs - earliestMs : -1;
      return leftMs < 0 || leftMs > soonMs;
    },
  };
}

function request({ name, unit, description }: MetricState, command: MetricCommand, writing: Writing) {
  const isPlain = writing === 'plain';
  const number = (value: number) => (isPlain ? value : String(value));
  // In UTC or in another zone.
  const zoned = (ms: number) =>
    isPlain ? instant(ms) : instant(ms + zoneHours * 3_600_000)?.replace('Z', `+0${zoneHours}:00`);
  switch (command.kind) {
    case 'create':
      return { body: { name, unit, description } };
    case 'archive':
      return { path: 'archive' };
    case 'target':
      return { path: 'targets', body: { value: number(command.value), deadline: zoned(command.deadlineMs) } };
    case 'values': {
      const values = command.values.map(({ value, atMs }) => ({
        value: number(value),
        ...(atMs !== undefined && { at: zoned(atMs) }),
      }));
      return { path: 'values', body: isPlain && values.length === 1 ? values[0] : values };
    }
  }
}

/** The state that follows from the answers, in any order: the highest version, and the target that was set last. */
function evolve(state: MetricState, command: MetricCommand, reply?: Reply<MetricTypes>): MetricState {
  const version = reply?.version ?? state.version;
  const next = { ...state, version: Math.max(state.version, version) };
  if (command.kind !== 'target' || version < (state.target?.version ?? 0)) return next;
  const { value, deadlineMs } = command;
  return { ...next, target: { value, deadlineMs, version, setAt: anyTime, outcome: 'pending' } };
}

/** Gives the values without an instant the one that the history shows, if the server can have chosen it. */
function withInstants({ done }: Aggregate<MetricTypes>, history: readonly Members[]): Done<MetricTypes>[] {
  const shown = new Map(history.map(({ value, at }) => [value, Date.parse(String(at))]));
  return done.map((one) => {
    if (one.command.kind !== 'values') return one;
    const { earliestMs, latestMs } = one.now;
    const values = one.command.values.map(({ value, atMs }) => {
      const shownMs = shown.get(value) ?? earliestMs;
      return { value, atMs: atMs ?? Math.min(latestMs, Math.max(earliestMs, shownMs)) };
    });
    return { ...one, command: { ...one.command, values } };
  });
}

function row(state: MetricState, now: typeof anyTime, shown: Members): Members {
  const { name, unit, description, createdAtMs, current, target } = state;
  const setAtMs = Date.parse(String((shown['target'] as Members | undefined)?.['setAt']));
  const reachedAtMs = target?.outcome === 'reached' ? target.reachedAtMs : undefined;
  // If the clocks do not show which value reached the target, any instant is right.
  const isUnknown = target?.outcome === 'reached' && reachedAtMs === undefined;
  return {
    version: oneOf(possibleVersions(state, now)),
    status: oneOf(possibleStatuses(state, now)),
    name,
    unit,
    description,
    createdAt: instant(createdAtMs),
    progress: current && target && current.value / target.value,
    'current.value': current?.value,
    'current.at': instant(current?.atMs),
    'target.value': target?.value,
    'target.deadline': instant(target?.deadlineMs),
    'target.setAt': target && within(target.setAt),
    // A value that was there before the target reaches it when it is set.
    'target.reachedAt': isUnknown ? within(anyTime) : instant(reachedAtMs && Math.max(reachedAtMs, setAtMs)),
  };
}

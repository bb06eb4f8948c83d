import { describe, expect, it } from '@jest/globals';
import { upcast } from '../../../kernel/upcasting.ts';
import { type MetricEvent, metricSchemas } from './events.ts';
import { metrics } from './metric.ts';
import { recordedStreams } from './recorded-events.fixture.ts';

/**
 * What the recorded streams fold to, by `stateVersion`. Snapshots keep such states: when `evolve` comes to produce
 * another one, raise `stateVersion` in the decider and add what it produces now; entries are never edited.
 */
const statesByVersion: Readonly<Record<number, Readonly<Record<string, unknown>>>> = {
  1: {
    'a metric that misses one target and reaches the next': {
      status: 'live',
      createdAt: '2026-01-01T00:00:00.000Z',
      current: { value: 112, at: '2026-01-03T09:00:00.000Z' },
      target: {
        value: 110,
        deadline: '2026-01-04T00:00:00.000Z',
        setAt: '2026-01-03T00:00:00.000Z',
        outcome: 'reached',
        reachedAt: '2026-01-03T09:00:00.000Z',
      },
    },
    'a metric with nothing but a name, archived': {
      status: 'archived',
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  },
};

describe('events recorded by every version of metrics', () => {
  it.each(Object.entries(recordedStreams))('%s folds to the state that snapshots hold', (name, events) => {
    const state = events.reduce(
      (before, event) =>
        metrics.evolve(before, upcast(metricSchemas, 'metrics/recorded', event) as unknown as MetricEvent),
      metrics.initialState,
    );
    expect(state).toStrictEqual(statesByVersion[metrics.stateVersion]?.[name]);
    expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state);
  });

  it('cover every event type in every schema version', () => {
    const recorded = new Set(
      Object.values(recordedStreams).flatMap((events) =>
        events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`),
      ),
    );
    const written = Object.entries(metricSchemas).flatMap(([type, upcasters]) =>
      Array.from(
        { length: (upcasters as readonly unknown[]).length + 1 },
        (_, index) => `${type} ${index + 1}`,
      ),
    );
    expect([...recorded].sort()).toEqual(written.sort());
  });
});

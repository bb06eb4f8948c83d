import { recordedEventsContract } from '../../../kernel/testing/index.ts';
import { metricEvents } from './events.ts';
import { metrics } from './metric.ts';
import { recordedStreams } from './recorded-events.fixture.ts';

const statesByVersion = {
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
    'a metric that falls to its target': {
      status: 'live',
      createdAt: '2026-11-01T00:00:00.000Z',
      current: { value: 4, at: '2026-11-03T00:00:00.000Z' },
      target: {
        value: 5,
        deadline: '2026-11-04T00:00:00.000Z',
        direction: 'at-most',
        setAt: '2026-11-02T00:00:00.000Z',
        outcome: 'reached',
        reachedAt: '2026-11-03T00:00:00.000Z',
      },
    },
  },
};

recordedEventsContract({ decider: metrics, events: metricEvents, recordedStreams, statesByVersion });

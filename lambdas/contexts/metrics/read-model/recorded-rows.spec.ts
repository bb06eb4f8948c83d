import { recordedRowsContract } from '../../../kernel/testing/index.ts';
import { recordedStreams } from '../domain/recorded-events.fixture.ts';
import { metricsProjection } from './projection.ts';

const rowsByVersion = {
  '1': {
    'a metric that misses one target and reaches the next': {
      id: 'recorded',
      name: 'Monthly revenue',
      unit: 'EUR',
      description: 'Net of refunds',
      updatedAt: '2026-01-01T00:00:07.000Z',
      metric: {
        status: 'live',
        createdAt: '2026-01-01T00:00:00.000Z',
        target: {
          value: 110,
          deadline: '2026-01-04T00:00:00.000Z',
          setAt: '2026-01-03T00:00:00.000Z',
          outcome: 'reached',
          reachedAt: '2026-01-03T09:00:00.000Z',
        },
        current: {
          value: 112,
          at: '2026-01-03T09:00:00.000Z',
        },
      },
      targetEventId: 'recorded',
    },
    'a metric with nothing but a name, archived': {
      id: 'recorded',
      name: 'Visitors',
      updatedAt: '2026-01-01T00:00:01.000Z',
      metric: {
        status: 'archived',
        createdAt: '2026-01-01T00:00:00.000Z',
      },
    },
    'a metric that falls to its target': {
      id: 'recorded',
      name: 'Open faults',
      updatedAt: '2026-01-01T00:00:03.000Z',
      metric: {
        status: 'live',
        createdAt: '2026-11-01T00:00:00.000Z',
        target: {
          value: 5,
          deadline: '2026-11-04T00:00:00.000Z',
          direction: 'at-most',
          setAt: '2026-11-02T00:00:00.000Z',
          outcome: 'reached',
          reachedAt: '2026-11-03T00:00:00.000Z',
        },
        current: {
          value: 4,
          at: '2026-11-03T00:00:00.000Z',
        },
      },
      targetEventId: 'recorded',
    },
  },
};

recordedRowsContract({ projection: metricsProjection, recordedStreams, rowsByVersion });

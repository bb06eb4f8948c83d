import type { StoredEvent } from '../../../kernel/index.ts';

/**
 * Streams as each version of this context wrote them. Never edit an entry: recorded events must always load. When an
 * event's schema changes, add a stream that the new code wrote.
 */
export const recordedStreams: Readonly<Record<string, readonly StoredEvent[]>> = {
  'a metric that misses one target and reaches the next': [
    event('Metric:Created', {
      name: 'Monthly revenue',
      unit: 'EUR',
      description: 'Net of refunds',
      at: '2026-01-01T00:00:00.000Z',
    }),
    event('Metric:TargetSet', {
      value: 100,
      deadline: '2026-01-02T00:00:00.000Z',
      at: '2026-01-01T01:00:00.000Z',
    }),
    event('Metric:ValueRecorded', { value: 80.5, at: '2026-01-01T12:00:00.000Z' }),
    event('Metric:ValueRecorded', { value: 60, at: '2026-01-01T06:00:00.000Z' }),
    event('Metric:Expired', { target: 100, deadline: '2026-01-02T00:00:00.000Z' }),
    event('Metric:TargetSet', {
      value: 110,
      deadline: '2026-01-04T00:00:00.000Z',
      at: '2026-01-03T00:00:00.000Z',
    }),
    event('Metric:ValueRecorded', { value: 112, at: '2026-01-03T09:00:00.000Z' }),
    event('Metric:TargetReached', { target: 110, value: 112, at: '2026-01-03T09:00:00.000Z' }),
  ],
  'a metric with nothing but a name, archived': [
    event('Metric:Created', { name: 'Visitors', at: '2026-01-01T00:00:00.000Z' }),
    event('Metric:Archived', { at: '2026-01-05T00:00:00.000Z' }),
  ],
  'a metric that falls to its target': [
    event('Metric:Created', { name: 'Open faults', at: '2026-11-01T00:00:00.000Z' }),
    event('Metric:TargetSet', {
      value: 5,
      deadline: '2026-11-04T00:00:00.000Z',
      direction: 'at-most',
      at: '2026-11-02T00:00:00.000Z',
    }),
    event('Metric:ValueRecorded', { value: 4, at: '2026-11-03T00:00:00.000Z' }),
    event('Metric:TargetReached', { target: 5, value: 4, at: '2026-11-03T00:00:00.000Z' }),
  ],
};

function event(type: string, data: object, schemaVersion = 1): StoredEvent {
  return { id: 'recorded', type, schemaVersion, data };
}

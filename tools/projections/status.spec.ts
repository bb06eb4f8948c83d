import { describe, expect, it } from '@jest/globals';
import { statusTable } from './status.ts';

const part = { events: 0, streams: 0, rows: 0, lines: 0, caughtUp: 0, differences: {}, parked: 0 };

describe('the table of the status', () => {
  it('has a line for each read model', () => {
    const startedAt = '2026-11-01T00:00:00.000Z';
    expect(
      statusTable([
        { readModel: 'ledger', active: 'g1', removing: [], parked: 0 },
        {
          ...{ readModel: 'metrics', active: 'g2', previous: 'g1', removing: [], parked: 100 },
          building: {
            ...{ generation: 'g3', phase: 'folding', segments: 4, startedAt },
            progress: [
              { ...part, done: true },
              { ...part, done: false, fraction: 0.5 },
            ],
          },
        },
        {
          ...{ readModel: 'todo', active: 'g4', parked: 3 },
          removing: [{ generation: 'g2', removableAt: startedAt, segments: 4 }],
          building: { generation: 'g5', phase: 'compared', segments: 1, startedAt, progress: [] },
        },
      ]),
    ).toEqual([
      'read model  active  previous  being built                                          to be deleted  parked',
      'ledger      g1      -         -                                                    -              0',
      'metrics     g2      g1        g3: folding 37 %, since 2026-11-01T00:00:00.000Z     -              100 or more',
      'todo        g4      -         g5: ready to switch, since 2026-11-01T00:00:00.000Z  g2             3',
    ]);
  });
});

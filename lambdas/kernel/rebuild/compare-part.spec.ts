import { expect, it } from '@jest/globals';
import { MemoryEventLog, MemoryGenerationRows, MemoryParkingLot } from '../memory/index.ts';
import { silentObserver } from '../observer.ts';
import { simulatedEffects } from '../testing/index.ts';
import { rebuiltModel } from './build.ts';
import { comparePart } from './compare-part.ts';

it('a row of a category that has no projection any more is a difference, and stops nothing', async () => {
  const rows = new MemoryGenerationRows<object, never>({ rowIds: 'streams' });
  const stored = { id: 'gone/1', expectedVersion: 0, version: 3, row: {}, lines: [] };
  await rows.rowsOf('g1').save(stored);
  const compared = await comparePart(
    {
      model: rebuiltModel<object, never>({ rowIds: 'streams' }, []),
      part: { segment: 0, segments: 1 },
      history: new MemoryEventLog(),
      active: rows.rowsOf('g1'),
      building: rows.rowsOf('g2'),
      rows,
      generations: { active: 'g1', building: 'g2' },
      parking: { parkingLot: new MemoryParkingLot(), observer: silentObserver },
      effects: simulatedEffects(),
      hasTime: () => true,
      save: async () => true,
    },
    undefined,
  );
  expect(compared).toMatchObject({ done: true, counts: { rows: 1, differences: { '(only in g1)': 1 } } });
});

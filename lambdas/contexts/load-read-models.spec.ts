import { describe, expect, it } from '@jest/globals';
import { contextNames, contexts } from '../../schema/contexts.ts';
import { MemoryReadModel } from '../kernel/memory/index.ts';
import { loadReadModel } from './load-read-models.ts';

describe('a loaded read model', () => {
  it.each(contextNames)('%s has one projection for each category', async (name) => {
    const { projections, listing } = await loadReadModel(name);
    const categories = projections.map(({ projection }) => projection.category);
    const isOfStream = contexts[name].source.kind === 'stream';
    expect(categories.toSorted()).toEqual(isOfStream ? [name] : ['dispense', 'ledger', 'metrics']);
    expect(listing.listKeys ?? listing.changingLines).toBeDefined();
  });

  it.each(contextNames)('%s addresses rows by the keys of their streams', async (name) => {
    const { projections, listing } = await loadReadModel(name);
    const rows = new MemoryReadModel<unknown, unknown>({ rowIds: listing.rowIds ?? 'keys' });
    for (const [index, { rowsIn }] of projections.entries()) {
      const own = rowsIn(rows);
      await own.save({ id: 'acme/a', expectedVersion: 0, version: index + 1, row: {}, lines: [] });
    }
    for (const [index, { rowsIn }] of projections.entries()) {
      const own = rowsIn(rows);
      expect((await own.load(['acme/a'])).get('acme/a')?.version).toBe(index + 1);
      expect((await own.find('acme/a'))?.version).toBe(index + 1);
    }
  });
});

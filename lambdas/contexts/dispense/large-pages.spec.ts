import { describe, expect, it } from '@jest/globals';
import { pageMaxBytes } from '../../http/page-body.ts';
import { bytesInResult } from '../../http/result.ts';
import { dispenseUnderTest } from './dispense-under-test.fixture.ts';
import { at } from './domain/dispense.fixture.ts';
import { largestDispense } from './large-dispenses.fixture.ts';

const count = 52;

/** Fifty-two dispenses, each with everything of the greatest lengths. Every second one is cancelled. */
async function largeDispenses(character: string) {
  const api = dispenseUnderTest();
  const ids = Array.from({ length: count }, (_, index) => `d${String(index).padStart(2, '0')}`);
  for (const [index, id] of ids.entries()) {
    for (const command of largestDispense(character, at(index))) await api.send(id, command);
    const reason = character.repeat(500);
    if (index % 2 === 1) await api.send(id, { type: 'Cancel', reason, now: at(index) });
  }
  await api.project(...ids);
  return { api, ids };
}

describe.each([
  ['three-byte letters', '\u4e00'],
  ['quotes', '"'],
])('a list of large dispenses: %s', (_what, character) => {
  it.each(['', 'limit=1', 'limit=100', 'state=ready', 'state=cancelled&limit=100'])(
    'has shorter pages, and every dispense once, in order: %s',
    async (query) => {
      const { api, ids } = await largeDispenses(character);
      const pages = await Array.fromAsync(api.pages('/dispenses', query));
      const expected = ids.filter((_, index) => {
        if (query.includes('state=ready')) return index % 2 === 0;
        return !query.includes('state=cancelled') || index % 2 === 1;
      });
      expect(pages.flat().map(({ id }) => id)).toEqual(expected);
      for (const items of pages) {
        expect(items.reduce((sum: number, item) => sum + bytesInResult(item), 0)).toBeLessThan(pageMaxBytes);
      }
      if (query === '' || query === 'limit=100') expect(pages.length).toBeGreaterThan(1);
    },
  );
});

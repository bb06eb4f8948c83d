import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Bookmarks } from '../bookmarks.ts';

/** The contract of every store of bookmarks. */
export function describeBookmarksContract(name: string, makeBookmarks: () => Promise<Bookmarks>): void {
  describe(`bookmarks contract: ${name}`, () => {
    it('keeps the last place of each name', async () => {
      const bookmarks = await makeBookmarks();
      const [one, two] = [randomUUID(), randomUUID()];
      expect(await bookmarks.place(one)).toBeUndefined();
      await bookmarks.notePlace(one, 'a');
      await bookmarks.notePlace(two, 'z');
      await bookmarks.notePlace(one, 'b\u{10ffff}');
      expect([await bookmarks.place(one), await bookmarks.place(two)]).toEqual(['b\u{10ffff}', 'z']);
    });

    it('forgets a place', async () => {
      const bookmarks = await makeBookmarks();
      const one = randomUUID();
      await bookmarks.notePlace(one, 'a');
      await bookmarks.notePlace(one, undefined);
      expect(await bookmarks.place(one)).toBeUndefined();
    });
  });
}

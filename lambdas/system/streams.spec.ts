import { describe, expect, it } from '@jest/globals';
import { createCursors } from '../http/cursor.ts';
import { pageMaxBytes } from '../http/page-body.ts';
import { bytesInResult } from '../http/result.ts';
import { testApi } from '../http/testing.ts';
import { visibilityOf } from '../http/visibility.ts';
import { MemoryEventLog } from '../kernel/memory/index.ts';
import { commitAt, FixedKeys } from '../kernel/testing/index.ts';
import { streamRoute } from './streams.ts';

const cursors = createCursors(Buffer.alloc(32, 7));
interface Event {
  readonly version: number;
  readonly data: object;
}

/** A log with one stream: a commit for each list, with an event for each text. Returns the pages of its audit trail. */
async function trail(
  commits: readonly (readonly string[])[],
  { isEncrypted = false, isErased = false } = {},
) {
  const log = new MemoryEventLog();
  const keys = new FixedKeys();
  const key = await keys.create('thing/a');
  const stored = (eventId: string, text: string) =>
    isEncrypted ? key.encrypt('thing/a', { eventId, path: 'text' }, text) : text;
  let version = 1;
  for (const texts of commits) {
    const events = texts.map((text, index) => ({
      id: `e${version + index}`,
      type: 'Thing:Happened',
      schemaVersion: 1,
      data: { text: stored(`e${version + index}`, text) },
    }));
    await log.append([commitAt('thing/a', version, texts.length, { events })]);
    version += texts.length;
  }
  let pagesRead = 0;
  const counting = {
    ...log,
    read: async function* (...args: Parameters<MemoryEventLog['read']>) {
      for await (const page of log.read(...args)) {
        // As DynamoDB does: a page of the log has at most 1 MB.
        for (const commit of page) {
          pagesRead += 1;
          yield [commit];
        }
      }
    },
  } as unknown as MemoryEventLog;
  const call = testApi([streamRoute(counting, keys, cursors, visibilityOf([]), async () => isErased)]);
  const pages: Event[][] = [];
  let cursor = '';
  do {
    const { status, body } = await call('GET', '/streams/thing/a', { query: `limit=100${cursor}` });
    expect(status).toBe(200);
    const { items, next } = body as unknown as { items: Event[]; next?: string };
    pages.push(items);
    cursor = next === undefined ? '' : `&cursor=${next}`;
  } while (cursor !== '');
  return { pages, pagesRead };
}

const versions = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the audit trail', () => {
  it.each([
    ['one event in a commit', 1],
    ['several events in a commit', 3],
  ])('of large commits has shorter pages, and every event once: %s', async (_what, perCommit) => {
    const commits = Array.from({ length: 60 }, () =>
      Array.from({ length: perCommit }, () => '"'.repeat(90_000 / perCommit)),
    );
    const { pages, pagesRead } = await trail(commits);
    expect(pages.flat().map(({ version }) => version)).toEqual(versions(60 * perCommit));
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages) {
      expect(page.reduce((sum, event) => sum + bytesInResult(event), 0)).toBeLessThan(pageMaxBytes);
    }
    // Reading a page ends when the page is full.
    expect(pagesRead).toBeLessThan(60 + 3 * pages.length);
  });

  it('of envelopes has pages by the size of the plain values, which can be larger', async () => {
    const text = '"'.repeat(90_000);
    const { pages } = await trail(
      Array.from({ length: 40 }, () => [text]),
      { isEncrypted: true },
    );
    expect(pages.flat().map(({ version }) => version)).toEqual(versions(40));
    for (const page of pages) {
      expect(page.reduce((sum, event) => sum + bytesInResult(event), 0)).toBeLessThan(pageMaxBytes);
      for (const { data } of page) expect(data).toEqual({ text });
    }
  });

  it('of a stream that is erased shows no value, while the key can still be had', async () => {
    const { pages } = await trail([['a'], ['b']], { isEncrypted: true, isErased: true });
    expect(pages.flat().map(({ data }) => data)).toEqual([
      { text: { erased: true } },
      { text: { erased: true } },
    ]);
  });

  it('of small events has pages of the limit', async () => {
    const { pages } = await trail(Array.from({ length: 70 }, () => ['a', 'b', 'c']));
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 10]);
    expect(pages.flat().map(({ version }) => version)).toEqual(versions(210));
  });
});

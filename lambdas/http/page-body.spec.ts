import { describe, expect, it } from '@jest/globals';
import { createCursors } from './cursor.ts';
import { pageBody, pageMaxBytes } from './page-body.ts';
import { httpResult, resultMaxBytes } from './result.ts';

const cursors = createCursors(Buffer.alloc(32, 7));

/** A text that has about this many bytes in the function's result. */
const textOf = (bytes: number, character: string, bytesEach: number) =>
  character.repeat(Math.floor(bytes / bytesEach));

function page(texts: readonly string[], next?: string) {
  const items = texts.map((text, index) => ({ item: { text }, place: `place ${index}` }));
  const body = pageBody(cursors, '/things', { items, next });
  return { count: body.items.length, next: body.next && cursors.decode('/things', body.next), body };
}

const bytesOf = (body: unknown) => Buffer.byteLength(JSON.stringify(httpResult({ status: 200, body })));

describe('the body of a page', () => {
  it('has all items that fit, and the next page of the list', () => {
    expect(page(['a', 'b'], 'after b')).toMatchObject({ count: 2, next: 'after b' });
    expect(page(['a', 'b']).body).toEqual({ items: [{ text: 'a' }, { text: 'b' }] });
    expect(page([])).toMatchObject({ count: 0 });
  });

  it.each([
    ['letters', 'a', 1],
    ['three-byte letters', '\u4e00', 3],
    ['emoji', '\u{1f680}', 4],
    ['quotes', '"', 4],
    ['backslashes', '\\', 4],
    ['line breaks', '\n', 3],
    ['control characters', '\u0001', 7],
    ['unpaired surrogates', '\ud800', 7],
  ])('is bounded in the bytes of the result: %s', (_what, character, bytesEach) => {
    const half = pageMaxBytes / 2;
    const fits = page([textOf(half - 100, character, bytesEach), textOf(half - 100, character, bytesEach)]);
    expect(fits).toMatchObject({ count: 2, next: undefined });
    const large = textOf(half + 100, character, bytesEach);
    const cut = page([large, large, 'small'], 'far');
    expect(cut).toMatchObject({ count: 1, next: 'place 0' });
    expect(bytesOf(fits.body)).toBeLessThan(pageMaxBytes + 1_000);
    expect(bytesOf(fits.body)).toBeGreaterThan(pageMaxBytes - 1_000);
  });

  it('leaves room for the largest headers and the longest cursor', () => {
    expect(resultMaxBytes - pageMaxBytes).toBeGreaterThan(256 * 1024);
  });

  it('gives an item that is larger than the bound alone', () => {
    const large = 'x'.repeat(pageMaxBytes + 1);
    expect(page([large, 'small'], 'far')).toMatchObject({ count: 1, next: 'place 0' });
    expect(page(['small', large], 'far')).toMatchObject({ count: 1, next: 'place 0' });
    expect(page([large], 'far')).toMatchObject({ count: 1, next: 'far' });
    expect(page([large]).body).not.toHaveProperty('next');
  });
});

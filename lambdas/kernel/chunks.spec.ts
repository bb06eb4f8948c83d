import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunks } from './chunks.ts';

describe('chunks', () => {
  it('keep the order and the limits, and are as few as the order allows', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 40 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5 }), (parts, maxParts) => {
        const limits = { maxParts, maxBytes: 10, bytesOf: (part: number) => part };
        const cut = chunks(parts, limits);
        expect(cut.flat()).toEqual(parts);
        const bytes = (chunk: readonly number[]) => chunk.reduce((sum, part) => sum + part, 0);
        const fits = (chunk: readonly number[]) =>
          chunk.length <= maxParts && (chunk.length === 1 || bytes(chunk) <= 10);
        for (const [index, chunk] of cut.entries()) {
          expect(fits(chunk)).toBe(true);
          const [next] = cut[index + 1] ?? [];
          if (next !== undefined) expect(fits([...chunk, next])).toBe(false);
        }
      }),
    );
  });

  it('are limited by their number of parts alone if no bytes are given', () => {
    expect(chunks([1, 2, 3, 4, 5], { maxParts: 2 })).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunks([], { maxParts: 2 })).toEqual([]);
  });
});

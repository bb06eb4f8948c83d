import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCursors, cursorCharsMax } from './cursor.ts';

const cursors = createCursors(Buffer.alloc(32, 1));
const invalidCursor = expect.objectContaining({ code: 'invalid-cursor', status: 400 });

describe('cursors', () => {
  it('decode to the position that was encoded', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (scope, position) => {
        const written = JSON.parse(JSON.stringify(position));
        fc.pre(JSON.stringify(written).length < 500);
        expect(cursors.decode(scope, cursors.encode(scope, written))).toEqual(written);
      }),
    );
  });

  it('are refused when any character is changed, added or dropped', () => {
    const text = cursors.encode('GET /ledger', { pk: 'ledger', sk: 42 });
    const alphabet = fc.constantFrom(...'ABab09-_=+/. \n\u00e9');
    fc.assert(
      fc.property(fc.nat(text.length - 1), alphabet, (at, char) => {
        fc.pre(text[at] !== char);
        for (const forged of [
          text.slice(0, at) + char + text.slice(at + 1),
          text.slice(0, at) + char + text.slice(at),
          text.slice(0, at) + text.slice(at + 1),
        ]) {
          fc.pre(forged !== text);
          expect(() => cursors.decode('GET /ledger', forged)).toThrow(invalidCursor);
        }
      }),
    );
  });

  it('are refused in another scope, and under another key', () => {
    const text = cursors.encode('GET /ledger', 1);
    expect(() => cursors.decode('GET /ledger?status=open', text)).toThrow(invalidCursor);
    expect(() => cursors.decode('GET /ledge', text)).toThrow(invalidCursor);
    expect(() => createCursors(Buffer.alloc(32, 2)).decode('GET /ledger', text)).toThrow(invalidCursor);
  });

  it('distinguish a scope from the beginning of a position', () => {
    // Without the length of the scope, '1' + '23' and '12' + '3' would have the same MAC.
    const text = cursors.encode('1', 23);
    const moved = Buffer.concat([Buffer.from(text, 'base64url').subarray(0, 16), Buffer.from('3')]);
    expect(() => cursors.decode('12', moved.toString('base64url'))).toThrow(invalidCursor);
  });

  it.each(['', 'a', 'null', '{}', 'A'.repeat(22), 'A'.repeat(cursorCharsMax + 1)])('refuse %j', (text) => {
    expect(() => cursors.decode('GET /ledger', text)).toThrow(invalidCursor);
  });

  it('are bounded in length', () => {
    expect(() => cursors.encode('s', 'x'.repeat(cursorCharsMax))).toThrow(RangeError);
  });

  it('require a key of at least 16 bytes', () => {
    expect(() => createCursors(Buffer.alloc(15))).toThrow(RangeError);
  });
});

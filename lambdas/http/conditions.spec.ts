import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { etag, isNotModified, parseIdempotencyKey, parseIfMatch, wantsFresh } from './conditions.ts';

const invalidHeader = expect.objectContaining({ code: 'invalid-header', status: 400 });

describe('parseIfMatch', () => {
  it.each([
    ['*', { kind: 'any' }],
    ['"3"', { kind: 'versions', versions: [3] }],
    ['"0"', { kind: 'versions', versions: [0] }],
    ['"3", "4"', { kind: 'versions', versions: [3, 4] }],
    [' ,, "3" ,\t"4",', { kind: 'versions', versions: [3, 4] }],
    ['W/"3"', { kind: 'versions', versions: [] }],
    ['W/"3", "4"', { kind: 'versions', versions: [4] }],
    ['"abc", "03", "-1", "1.5", ""', { kind: 'versions', versions: [] }],
    ['"9007199254740993"', { kind: 'versions', versions: [] }],
  ])('reads %j', (header, condition) => {
    expect(parseIfMatch({ 'if-match': header })).toEqual(condition);
  });

  it.each([
    '',
    '3',
    '"3',
    '3"',
    '"3" "4"',
    '"3"4',
    '*, "3"',
    'w/"3"',
    'W/ "3"',
    '"a b"',
    ',',
    `"3"${','.repeat(2_000)}`,
  ])('refuses %j', (header) => {
    expect(() => parseIfMatch({ 'if-match': header })).toThrow(invalidHeader);
  });

  it('is undefined without the header', () => {
    expect(parseIfMatch({})).toBeUndefined();
  });

  it('reads back every tag that etag writes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), (versions) => {
        const header = versions
          .map((version, index) => etag(version, index % 2 === 0 ? undefined : 'g2'))
          .join(', ');
        expect(parseIfMatch({ 'if-match': header })).toEqual({ kind: 'versions', versions });
      }),
    );
  });

  it('accepts or refuses any text, and throws nothing else', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', 'W/', ',', ' ', '*', '3', 'a', '\\') }),
        (header) => {
          try {
            expect(parseIfMatch({ 'if-match': header })).toBeDefined();
          } catch (error) {
            expect(error).toEqual(invalidHeader);
          }
        },
      ),
    );
  });
});

describe('isNotModified', () => {
  it.each([
    ['*', '"3"', true],
    ['"3"', '"3"', true],
    ['W/"3"', '"3"', true],
    ['"2", "3"', '"3"', true],
    ['"2"', '"3"', false],
    ['3', '"3"', false],
    ['"3"', '"3-g2"', false],
    ['"3-g2"', '"3"', false],
    ['"3-g2"', '"3-g2"', true],
    ['"3-g2"', '"3-g3"', false],
  ])('compares If-None-Match: %s with the tag %s', (header, tag, expected) => {
    expect(isNotModified({ 'if-none-match': header }, tag)).toBe(expected);
  });

  it('is false without the header', () => {
    expect(isNotModified({}, '"3"')).toBe(false);
  });
});

describe('parseIdempotencyKey', () => {
  it.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['a"b', 'a"b'],
    ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])('reads %j', (header, key) => {
    expect(parseIdempotencyKey({ 'idempotency-key': header })).toBe(key);
  });

  it.each(['', '""', '"abc', '"abc"x', '"a"b"', '"a\\b"', 'a\tb', 'é', 'k'.repeat(256)])(
    'refuses %j',
    (header) => {
      expect(() => parseIdempotencyKey({ 'idempotency-key': header })).toThrow(invalidHeader);
    },
  );

  it('is undefined without the header', () => {
    expect(parseIdempotencyKey({})).toBeUndefined();
  });
});

describe('wantsFresh', () => {
  it.each([
    ['no-cache', true],
    ['No-Cache', true],
    ['max-age=0, no-cache', true],
    ['no-store', false],
    ['x-no-cache', false],
    ['', false],
  ])('reads Cache-Control: %j', (header, expected) => {
    expect(wantsFresh({ 'cache-control': header })).toBe(expected);
  });

  it('is false without the header', () => {
    expect(wantsFresh({})).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, pointerToken } from './json.ts';

describe('parseJson', () => {
  it.each([
    ['34.0', 34],
    ['0', 0],
    ['-0.10', -0.1],
    ['0.00e5', 0],
    ['123456789012345', 123456789012345],
    ['12345678901234500000', 12345678901234500000],
    ['0.000000000123456789012345', 0.000000000123456789012345],
    ['1.00000000000000000000', 1],
    ['1e22', 1e22],
    ['0.3333333333333333', 1 / 3],
    ['0.30000000000000004', 0.1 + 0.2],
    ['1.7976931348623157e+308', Number.MAX_VALUE],
    ['5e-324', Number.MIN_VALUE],
    ['0e999999', 0],
  ])('accepts %s, which a double represents exactly', (text, value) => {
    expect(parseJson(text)).toBe(value);
  });

  it.each([
    '1e400',
    '-1e400',
    '1e-400',
    '12345678901234567',
    '0.12345678901234567',
    '34.00000000000000001',
    '1.0000000000000001',
    '9007199254740993',
    // The smallest doubles have fewer than 15 digits.
    '1.2345e-320',
    '3e-324',
    `0.${'0'.repeat(400)}1`,
  ])('refuses %s with advice', (text) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'inexact-number', status: 400 }));
    expect(() => parseJson(text)).toThrow(/fewer digits, or as a string/);
  });

  it('points at the number that it refuses', () => {
    expect(() => parseJson('{"a":[1,{"b/c~d":1e999}]}')).toThrow(
      expect.objectContaining({
        errors: [{ pointer: '/a/1/b~1c~0d', detail: expect.stringContaining('as a string') }],
      }),
    );
  });

  it('quotes only the beginning of a long literal', () => {
    expect(() => parseJson('9'.repeat(100_000))).toThrow(
      expect.objectContaining({ message: expect.any(String) }),
    );
    try {
      parseJson('9'.repeat(100_000));
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(250);
    }
  });

  it.each(['', ' ', '{', '{"a":}', 'undefined', "{'a':1}", '[1,]', 'NaN', '\ufeff{}', '{"a":01}'])(
    'refuses %j, which is not JSON',
    (text) => {
      expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'invalid-json', status: 400 }));
    },
  );

  it('limits the depth, and does not count brackets inside strings', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(32))).toBeDefined();
    expect(() => parseJson(nested(33))).toThrow(/nested deeper/);
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(/nested deeper/);
    expect(parseJson(`"${'['.repeat(100)}\\"${'{'.repeat(100)}"`)).toHaveLength(201);
  });

  it('does not change prototypes', () => {
    const parsed = parseJson('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((parsed as { admin?: boolean }).admin).toBeUndefined();
    expect(Object.getPrototypeOf(parsed)).toBe(Object.getPrototypeOf(JSON.parse('{}')));
  });

  it('reads what JSON.stringify writes of values without long numbers', () => {
    const value = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('json')),
        fc.dictionary(fc.string(), tie('json')),
      ),
    })).json;
    fc.assert(
      fc.property(value, (json) => {
        const text = JSON.stringify(json);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('accepts a decimal exactly if writing the double again gives the same decimal', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 15n - 1n), fc.integer({ min: -30, max: 30 }), (digits, exponent) => {
        const literal = `${digits}e${exponent}`;
        const parsed = parseJson(literal) as number;
        expect(Number(parsed.toPrecision(15))).toBe(Number(literal));
      }),
    );
  });
});

describe('pointerToken', () => {
  it('escapes as RFC 6901 says', () => {
    expect(pointerToken('a/b~c~1')).toBe('a~1b~0c~01');
  });
});

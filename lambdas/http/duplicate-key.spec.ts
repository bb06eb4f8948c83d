import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findDuplicateKey } from './duplicate-key.ts';
import { parseJson } from './json.ts';

describe('findDuplicateKey', () => {
  it.each([
    ['{"a":1,"a":1}', ['a']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"":1,"":2}', ['']],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['{"a":{"b":[0,{"c":1,"d":[],"c":2}]}}', ['a', 'b', 1, 'c']],
    ['[[],[{"a":"b,\\"a\\":","a" : 2}]]', [1, 0, 'a']],
    ['{"a":{"x":1},"b":[1,"c"],"a":{}}', ['a']],
    ['{"a\\"":1,"a\\"":2}', ['a"']],
    ['{"a\\\\":1,"a\\\\":2}', ['a\\']],
  ])('finds the second key of %s', (text, path) => {
    expect(findDuplicateKey(text)).toEqual(path);
  });

  it.each([
    '{"a":1,"A":2}',
    '{"a":"a"}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"b":["a","a"],"a":1}',
    '{"b":"{\\"a\\":1,\\"a\\":2}"}',
    '"a"',
    '1',
    '[]',
  ])('accepts %s', (text) => {
    expect(findDuplicateKey(text)).toBeUndefined();
  });

  it('finds a key that is added to any object, and nothing before', () => {
    const json = fc.json({ noUnicodeString: false });
    fc.assert(
      fc.property(fc.string(), json, json, (name, before, value) => {
        const key = JSON.stringify(name);
        const object = `{${key}:${before},${key}:${value}}`;
        expect(findDuplicateKey(`[${before},{"x":${object}}]`)).toEqual([1, 'x', name]);
        expect(findDuplicateKey(`[${before},{"x":{${key}:${value}}}]`)).toBeUndefined();
      }),
    );
  });
});

describe('a problem about a duplicate key', () => {
  const refusal = (text: string, quotable = {}) => {
    try {
      parseJson(text, quotable);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('points at the key and does not quote its value', () => {
    const error = refusal('{"lines":[{"a/b":"secret","a/b":"other"}]}');
    expect(error).toMatchObject({
      code: 'duplicate-key',
      status: 400,
      message: expect.stringContaining('"/lines/0/a~1b"'),
      errors: [{ pointer: '/lines/0/a~1b', detail: 'Duplicate key.' }],
    });
    expect(JSON.stringify(error)).not.toMatch(/secret|other/);
  });

  it('quotes only the beginning of a long key', () => {
    const key = 'k'.repeat(10_000);
    const error = refusal(`{"${key}":1,"${key}":2}`) as Error;
    expect(error.message.length).toBeLessThan(200);
  });

  it('names fields of the schema, but no other key of a personal body', () => {
    const personal = { isPersonal: () => true, isFieldName: (name: string) => name === 'name' };
    expect(refusal('{"name":"Jane","name":"Jane"}', personal)).toMatchObject({
      errors: [{ pointer: '/name', detail: 'Duplicate key.' }],
    });
    const error = refusal('{"name":{"Jane":1,"Jane":2}}', personal);
    expect(error).toMatchObject({ errors: [{ pointer: '/name', detail: 'Duplicate unknown key.' }] });
    expect(JSON.stringify([error, (error as Error).message])).not.toContain('Jane');
  });
});

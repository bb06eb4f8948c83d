import { describe, expect, it } from '@jest/globals';
import type { Personal, SubjectKey } from '../kernel/index.ts';
import { DataKey } from '../kernel/privacy/index.ts';
import { revealed, revealedAll, ViewError, viewed } from './revealing.ts';

const key = new DataKey('key-1', Buffer.alloc(32, 1));
const nameOf = (stream: string, name: string): Named => ({
  name: key.encrypt(stream, { eventId: 'e1', path: 'name' }, name),
});

/** Stored data, plain or in an envelope. */
type Named = { readonly name: Personal<string> };

/** Keys of the streams `thing/1` and `thing/2`. Notes what it was asked for. */
function someKeys() {
  const asked: (readonly string[])[] = [];
  const found = new Map<string, SubjectKey>(['thing/1', 'thing/2'].map((stream) => [stream, key]));
  const keys = {
    findAll: async (names: readonly string[]) => {
      asked.push(names);
      return found;
    },
  };
  return { asked, keys };
}

describe('stored data', () => {
  it('of a page are revealed with one read of the keys of those that have envelopes', async () => {
    const { asked, keys } = someKeys();
    const stored: { readonly stream: string; readonly value: Named }[] = [
      { stream: 'thing/1', value: nameOf('thing/1', 'Ada') },
      { stream: 'thing/2', value: nameOf('thing/2', 'Bob') },
      { stream: 'thing/3', value: nameOf('thing/3', 'Cyd') },
      { stream: 'thing/4', value: { name: 'plain' } },
    ];
    expect(await revealedAll(keys, stored)).toEqual([
      { name: 'Ada' },
      { name: 'Bob' },
      { name: { erased: true } },
      { name: 'plain' },
    ]);
    expect(asked).toEqual([['thing/1', 'thing/2', 'thing/3']]);
  });

  it('without envelopes need no keys', async () => {
    const { asked, keys } = someKeys();
    expect(await revealed(keys, 'thing/1', [{ name: 'plain' }])).toEqual([{ name: 'plain' }]);
    expect(await revealedAll(keys, [])).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('are not shown in part if one cannot be decrypted', async () => {
    const stored = [
      { stream: 'thing/1', value: nameOf('thing/1', 'Ada') },
      { stream: 'thing/2', value: nameOf('thing/1', 'Ada') },
    ];
    await expect(revealedAll(someKeys().keys, stored)).rejects.toMatchObject({
      code: 'unreadable-event',
      stream: 'thing/2',
    });
  });
});

describe('a view that fails', () => {
  it('names its error and its place, and not the value in its message', () => {
    const name = 'Quackenbush\n    at Lovelace';
    const fail = () =>
      viewed('thing', () => {
        throw new RangeError(`No name is ${name}`);
      });
    let thrown: unknown;
    try {
      fail();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ViewError);
    const { stack = '', message, cause } = thrown as ViewError;
    expect([message, cause]).toEqual(['The view of the thing failed.', undefined]);
    expect(stack).toContain('RangeError');
    expect(stack).toContain('revealing.spec.ts');
    expect(stack).not.toMatch(/Quackenbush|Lovelace/);
  });

  it('may throw anything', () => {
    const fail = () =>
      viewed('thing', () => {
        throw 'Ada';
      });
    expect(fail).toThrow(ViewError);
    expect(viewed('thing', () => 1)).toBe(1);
  });
});

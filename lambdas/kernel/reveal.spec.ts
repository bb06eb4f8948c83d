import { describe, expect, it } from '@jest/globals';
import type { Personal } from './envelope.ts';
import { isEventSourcingError } from './errors.ts';
import { DataKey } from './privacy/index.ts';
import { erased, keysToReveal, reveal } from './reveal.ts';
import type { SubjectKey } from './subject-keys.ts';

const key = new DataKey('key-1', Buffer.alloc(32, 1));
const keys = new Map<string, SubjectKey>([['s/1', key]]);
const enveloped = (path: string, value: unknown, stream = 's/1') =>
  key.encrypt(stream, { eventId: 'e1', path }, value);

const stored = {
  name: enveloped('name', 'Ada'),
  lines: [enveloped('lines[0]', { text: 'x' }), { text: 'plain' }, 7],
  place: { street: enveloped('place.street', null), floor: 2 },
  missing: undefined,
  none: null,
};

describe('reveal', () => {
  it('puts the plain value in the place of each envelope', () => {
    expect(reveal(stored, 's/1', keys)).toEqual({
      name: 'Ada',
      lines: [{ text: 'x' }, { text: 'plain' }, 7],
      place: { street: null, floor: 2 },
      missing: undefined,
      none: null,
    });
    expect(Object.isFrozen(erased)).toBe(true);
    const plain = { name: 'Ada', lines: [{ key: 'k' }] };
    expect(reveal(plain, 's/1', new Map())).toBe(plain);
  });

  it('says that a value without its key is erased, also if the stream has a newer key', () => {
    const newer = new Map([['s/1', new DataKey('key-2', Buffer.alloc(32, 1))]]);
    for (const without of [new Map<string, SubjectKey>(), new Map([['s/2', key]]), newer])
      expect(reveal(stored, 's/1', without)).toMatchObject({
        name: { erased: true },
        lines: [{ erased: true }, { text: 'plain' }, 7],
        place: { street: { erased: true }, floor: 2 },
      });
  });

  it.each([
    ['of another stream', enveloped('name', 'Ada', 's/2')],
    ['that was changed', { ...stored.name, enc: `${stored.name.enc.slice(0, -4)}AAAA` }],
    ['that is too short', { ...stored.name, enc: 'AAAA' }],
  ])('refuses a ciphertext %s, and quotes nothing', (_what, name) => {
    let thrown: unknown;
    try {
      reveal({ name }, 's/1', keys);
    } catch (error) {
      thrown = error;
    }
    expect(isEventSourcingError(thrown, 'unreadable-event')).toBe(true);
    expect(String(thrown)).not.toContain('Ada');
  });

  it('has the plain type or the erased one', () => {
    const row: { readonly name: Personal<string>; readonly days?: readonly Personal<string>[] } = {
      name: 'Ada',
    };
    const { name, days } = reveal(row, 's/1', keys);
    const text: string | { readonly erased: true } = name;
    // @ts-expect-error: it may be erased
    const wrong: string = name;
    // @ts-expect-error: an envelope is never shown
    const hidden: string | undefined = name.enc;
    expect([text, wrong, hidden, days]).toEqual(['Ada', 'Ada', undefined, undefined]);
  });
});

describe('the keys that revealing needs', () => {
  it('are of the streams with an envelope only, each once', async () => {
    const asked: (readonly string[])[] = [];
    const findAll = async (names: readonly string[]) => {
      asked.push(names);
      return keys;
    };
    const values = [
      { stream: 's/1', value: stored },
      { stream: 's/1', value: stored.name },
      { stream: 's/2', value: { name: 'Ada' } },
    ];
    expect((await keysToReveal({ findAll }, values)).get('s/1')).toBe(key);
    expect((await keysToReveal({ findAll }, values.slice(2))).get('s/1')).toBeUndefined();
    expect(asked).toEqual([['s/1']]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Envelope, ForeignCiphertextError, placeOf } from '../index.ts';
import { DataKey, dataKeyBytes } from './data-key.ts';

const key = new DataKey('key-1', Buffer.alloc(dataKeyBytes, 7));
const place = { eventId: 'e1', path: 'drugs[0]' };
const seal = (value: unknown, more: Partial<typeof place & { stream: string; key: DataKey }> = {}) =>
  (more.key ?? key).encrypt(more.stream ?? 's/1', { ...place, ...more }, value);
const bytesOf = ({ enc }: Envelope) => Buffer.from(enc, 'base64url');
const withBytes = (envelope: Envelope, bytes: Buffer) => ({ ...envelope, enc: bytes.toString('base64url') });
const opening = (envelope: Envelope, stream = 's/1', by = key) => {
  try {
    by.decrypt(stream, envelope);
  } catch (error) {
    return error;
  }
  return 'opened';
};

describe('a value', () => {
  it('of any JSON is the same after decryption', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false }),
        fc.string(),
        fc.string(),
        (value, eventId, path) => {
          const envelope = key.encrypt('s/1', { eventId: eventId.replaceAll(' ', ''), path }, value);
          // As JSON stores it: there is no -0.
          expect(key.decrypt('s/1', envelope)).toStrictEqual(JSON.parse(JSON.stringify(value)));
          expect(placeOf(envelope)).toStrictEqual({
            eventId: eventId.replaceAll(' ', '').toWellFormed(),
            path: path.toWellFormed(),
          });
        },
      ),
    );
  });

  it('that a release encrypted can be decrypted by every later one', () => {
    const stored: Envelope = {
      enc: '0-9H5ESEFKaGgWrbSOvNForliRK6mNKxbFoxUQALZTEgZHJ1Z3NbMF0U8Tnj5FewnNfw-lNQTuog7Fszl5rW7RpCxu0aEx_e3g',
      key: 'key-1',
      v: 1,
    };
    expect(key.decrypt('s/1', stored)).toEqual({ name: 'Ada Lovelace', days: 7 });
    expect(seal({ name: 'Ada Lovelace', days: 7 })).toEqual(stored);
    expect(key.mac('command', 'once')).toBe('aXM3nozf_oAxoDLvPd1mrZhbGBAHe5MDJkqQVY06-2U');
  });

  it('tells its length only in steps of 32 bytes', () => {
    const lengths = (texts: readonly string[]) => new Set(texts.map((text) => bytesOf(seal(text)).length));
    const names = Array.from({ length: 31 }, (_, length) => 'x'.repeat(length));
    expect(lengths(names)).toEqual(new Set([12 + 16 + 2 + 'e1 drugs[0]'.length + 32]));
    expect(lengths(['x'.repeat(30), 'x'.repeat(31)]).size).toBe(2);
  });

  it('has another ciphertext in each place, and the same in the same', () => {
    const others = [
      seal('Ada'),
      seal('Ada', { path: 'drugs[1]' }),
      seal('Ada', { eventId: 'e2' }),
      seal('Ada', { stream: 's/2' }),
      seal('Ada', { key: new DataKey('key-1', Buffer.alloc(dataKeyBytes, 8)) }),
      seal('Bob'),
    ];
    const ivs = others.map((envelope) => bytesOf(envelope).subarray(0, 12).toString('hex'));
    const texts = others.map((envelope) => bytesOf(envelope).subarray(-32).toString('hex'));
    expect([new Set(ivs).size, new Set(texts).size]).toEqual([6, 6]);
    expect(seal('Ada')).toEqual(seal('Ada'));
    expect(bytesOf(seal('Ada')).includes('Ada')).toBe(false);
  });
});

describe('a ciphertext', () => {
  it.each([
    ['in another stream', () => opening(seal('Ada'), 's/2')],
    [
      'under another key',
      () => opening(seal('Ada'), 's/1', new DataKey('key-1', Buffer.alloc(dataKeyBytes, 8))),
    ],
    ['that is empty', () => opening({ ...seal('Ada'), enc: '' })],
    ['that is cut', () => opening(withBytes(seal('Ada'), bytesOf(seal('Ada')).subarray(0, -1)))],
    [
      'that is longer',
      () => opening(withBytes(seal('Ada'), Buffer.concat([bytesOf(seal('Ada')), Buffer.alloc(1)]))),
    ],
    [
      'that names another event',
      () =>
        opening(
          withBytes(
            seal('Ada'),
            Buffer.from(bytesOf(seal('Ada')).toString('latin1').replace('e1 ', 'e2 '), 'latin1'),
          ),
        ),
    ],
  ])('%s cannot be decrypted, and the error quotes nothing', (_what, open) => {
    const error = open();
    expect(error).toBeInstanceOf(ForeignCiphertextError);
    expect((error as Error).cause).toBeUndefined();
    expect(String(error)).not.toMatch(/Ada|e1 /);
  });

  it('with any byte changed cannot be decrypted', () => {
    const envelope = seal({ name: 'Ada' });
    const length = bytesOf(envelope).length;
    for (let at = 0; at < length; at += 1) {
      const bytes = bytesOf(envelope);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      expect(opening(withBytes(envelope, bytes))).toBeInstanceOf(ForeignCiphertextError);
    }
  });
});

describe('an HMAC', () => {
  it('is another one for other parts and keys', () => {
    const other = new DataKey('key-1', Buffer.alloc(dataKeyBytes, 8));
    const macs = [
      key.mac('a', 'b'),
      key.mac('a","b'),
      key.mac('ab'),
      key.mac('a', null),
      key.mac('a', 'null'),
      key.mac('a'),
      key.mac(),
      other.mac('a', 'b'),
    ];
    expect(new Set(macs).size).toBe(macs.length);
    for (const mac of macs) expect(mac).toMatch(/^[\w-]{43}$/);
  });
});

it.each([0, 16, 31, 33])('a data key of %d bytes is refused', (bytes) => {
  expect(() => new DataKey('key-1', Buffer.alloc(bytes))).toThrow(RangeError);
});

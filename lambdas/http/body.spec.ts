import { describe, expect, it } from '@jest/globals';
import { readJsonBody, readRawBody } from './body.ts';

const jsonHeaders = { 'content-type': 'application/json' };
const base64 = (bytes: string | Buffer) => Buffer.from(bytes).toString('base64');
const read = (
  text: string | undefined,
  isBase64Encoded = false,
  headers: Record<string, string> = jsonHeaders,
) => readJsonBody(headers, { text, isBase64Encoded }, { maxBytes: 20, required: true });

describe('readJsonBody', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/vnd.api+json',
    'application/json; profile=x; charset=utf8',
  ])('accepts %s', (type) => {
    expect(read('{"a":1}', false, { 'content-type': type })).toEqual({ a: 1 });
  });

  it.each([
    {},
    { 'content-type': '' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/jsonx' },
    { 'content-type': 'text/json' },
    { 'content-type': 'application/json; charset=latin1' },
    { ...jsonHeaders, 'content-encoding': 'gzip' },
  ])('refuses %j with 415', (headers) => {
    expect(() => read('{"a":1}', false, headers as Record<string, string>)).toThrow(
      expect.objectContaining({ code: 'unsupported-media-type', status: 415 }),
    );
  });

  it.each([undefined, ''])('refuses the empty body %j only if a body is required', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'empty-body', status: 400 }));
    const options = { maxBytes: 20, required: false };
    expect(readJsonBody({}, { text, isBase64Encoded: false }, options)).toBeUndefined();
  });

  it('decodes base64', () => {
    expect(read(base64('{"a":"é"}'), true)).toEqual({ a: 'é' });
  });

  it.each([
    'not base64!',
    'eyJhIjoxfQ',
    'eyJhIjoxfQ=',
    'eyJh\nIjoxfQ==',
    'eyJhIjoxfR==',
    '====',
    'eyJhIjoxfQ=='.replace('e', '-'),
  ])('refuses %j as base64', (text) => {
    expect(() => read(text, true)).toThrow(expect.objectContaining({ code: 'invalid-base64', status: 400 }));
  });

  it.each([
    ['a stray continuation byte', Buffer.from([0x22, 0x80, 0x22])],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a cut sequence', Buffer.from([0x22, 0xe2, 0x82])],
  ])('refuses %s as UTF-8', (_name, bytes) => {
    expect(() => read(base64(bytes), true)).toThrow(
      expect.objectContaining({ code: 'invalid-utf-8', status: 400 }),
    );
  });

  it('refuses a lone surrogate in a text body', () => {
    expect(() => read('"\ud800"')).toThrow(expect.objectContaining({ code: 'invalid-utf-8' }));
  });

  it.each([
    ['plain', false, (bytes: number) => `"${'a'.repeat(bytes - 2)}"`],
    [
      'of two-byte characters',
      false,
      (bytes: number) => `"${'é'.repeat(bytes / 2 - 1)}${bytes % 2 ? 'a' : ''}"`,
    ],
    ['in base64', true, (bytes: number) => base64(`"${'a'.repeat(bytes - 2)}"`)],
  ] as const)('measures a body %s in decoded bytes', (_name, isBase64Encoded, bodyOf) => {
    expect(read(bodyOf(20), isBase64Encoded)).toBeDefined();
    for (const bytes of [21, 22, 23, 200]) {
      expect(() => read(bodyOf(bytes), isBase64Encoded)).toThrow(
        expect.objectContaining({ code: 'body-too-large', status: 413 }),
      );
    }
  });
});

describe('readRawBody', () => {
  const maxBytes = 20;
  const contentTypes = ['image/png', 'text/plain'] as const;
  const raw = (
    text: string | undefined,
    isBase64Encoded: boolean,
    headers: Readonly<Record<string, string>> = {},
  ) => Buffer.from(readRawBody(headers, { text, isBase64Encoded }, { contentTypes, maxBytes }));

  it('accepts any bytes in base64, and text as UTF-8', () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    expect(raw(base64(bytes), true)).toEqual(bytes);
    expect(raw('Łódź', false)).toEqual(Buffer.from('Łódź'));
  });

  it.each([
    ['nothing', undefined, false, 'empty-body'],
    ['no text', '', false, 'empty-body'],
    ['empty base64', '', true, 'empty-body'],
    ['invalid base64', 'a-b_', true, 'invalid-base64'],
    ['half a character', 'a\ud800', false, 'invalid-utf-8'],
  ] as const)('refuses %s', (_what, text, isBase64Encoded, code) => {
    expect(() => raw(text, isBase64Encoded)).toThrow(expect.objectContaining({ code, status: 400 }));
  });

  it.each([
    {},
    { 'content-type': '' },
    { 'content-type': 'image/png' },
    { 'content-type': 'Image/PNG; charset=binary' },
    { 'content-type': 'application/octet-stream' },
    { 'content-type': 'text/plain; charset=utf-8' },
    { 'content-type': 'text/plain;charset="UTF-8"; format=flowed' },
    { 'content-type': 'text/plain; charset=us-ascii' },
    { 'content-encoding': 'Identity' },
  ])('accepts the headers %j', (headers) => {
    expect(raw('a', false, headers as Record<string, string>)).toHaveLength(1);
  });

  it.each([
    { 'content-type': 'application/json' },
    { 'content-type': 'image/gif' },
    { 'content-type': 'text/html' },
    { 'content-type': 'text/*' },
    { 'content-type': 'text/plain,application/json' },
    { 'content-type': 'multipart/form-data; boundary=x; charset=utf-8' },
    { 'content-type': 'text/plain; charset=iso-8859-1' },
    { 'content-type': 'text/plain; charset=utf-16' },
    { 'content-encoding': 'gzip' },
    { 'content-type': 'text/plain', 'content-encoding': 'br, identity' },
  ])('refuses the headers %j', (headers) => {
    expect(() => raw('a', false, headers as Record<string, string>)).toThrow(
      expect.objectContaining({ code: 'unsupported-media-type', status: 415 }),
    );
  });

  it.each(['bytes 0-0/1', 'bytes */1', ''])('refuses a part of a document: Content-Range: %j', (range) => {
    expect(() => raw('a', false, { 'content-range': range })).toThrow(
      expect.objectContaining({ code: 'invalid-header', status: 400 }),
    );
  });

  it('accepts exactly the maximum size', () => {
    for (const isBase64Encoded of [true, false]) {
      const bodyOf = (bytes: number) =>
        isBase64Encoded ? base64(Buffer.alloc(bytes, 'a')) : 'a'.repeat(bytes);
      expect(raw(bodyOf(maxBytes), isBase64Encoded)).toHaveLength(maxBytes);
      for (const bytes of [maxBytes + 1, maxBytes + 2, maxBytes + 3, 10 * maxBytes]) {
        expect(() => raw(bodyOf(bytes), isBase64Encoded)).toThrow(
          expect.objectContaining({ code: 'body-too-large', status: 413 }),
        );
      }
    }
  });
});

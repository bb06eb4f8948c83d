import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { MarkFinder } from './marks.ts';

const value = 'Žofie "Zo" Nightingale';
const finder = new MarkFinder({ name: value });
const json = JSON.stringify({ name: value });

describe('a mark', () => {
  it.each<[string, Buffer]>([
    ['plain', Buffer.from(`Dear ${value},`)],
    ['in JSON', Buffer.from(json)],
    ['in JSON in JSON', Buffer.from(JSON.stringify({ json }))],
    ['in a URL', Buffer.from(`?name=${encodeURIComponent(value)}`)],
    ['in hex', Buffer.from(Buffer.from(json).toString('hex'))],
    ['in gzip', gzipSync(json)],
    ['in brotli', brotliCompressSync(json)],
    ...['', 'x', 'xx', 'xxx'].map((before): [string, Buffer] => [
      `in base64 after ${before.length} bytes`,
      Buffer.from(Buffer.from(before + json).toString('base64')),
    ]),
  ])('%s is found', (_form, bytes) => {
    expect(finder.in(bytes)).not.toEqual([]);
  });

  it('is not found in another text, and is never told', () => {
    expect(finder.in(Buffer.from(JSON.stringify({ name: 'Žofie "Zo" Nightingal' })))).toEqual([]);
    expect(finder.in(Buffer.from(json)).join()).not.toContain('Nightingale');
  });

  it('that is short is refused', () => {
    expect(() => new MarkFinder({ name: 'Jo' })).toThrow('The mark name is too short');
  });
});

import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../commit.ts';
import { readEvent } from '../event-definitions.ts';
import type { FoldableCommit } from '../fold.ts';
import { packCommits, unpackCommits } from './segment-codec.ts';

const stream = 'test/acme/packed';
const at = '2026-01-02T03:04:05.678Z';
const event = (id: string, data: object, more: Partial<StoredEvent> = {}): StoredEvent => ({
  id,
  type: 'Test:Happened',
  schemaVersion: 1,
  data,
  ...more,
});
const commit = (version: number, events: readonly StoredEvent[], committedAt = at): FoldableCommit => ({
  stream,
  version,
  events,
  committedAt,
});
const packed = (columns: object) => zstdCompressSync(Buffer.from(JSON.stringify(columns)));

describe('the form of a segment', () => {
  it.each<[string, readonly FoldableCommit[]]>([
    ['one event a commit', [commit(41, [event('a', { n: 1 })]), commit(42, [event('b', { n: 2 })])]],
    [
      'ids and times of other lengths',
      [
        commit(1, [event('', {})], ''),
        commit(2, [event('Łódź 🐟', {})], '2026'),
        commit(3, [event('x', {})]),
      ],
    ],
    [
      'several types, versions and sizes of commits',
      [
        commit(7, [
          event('a', {}),
          event('b', {}, { type: 'Test:Ended' }),
          event('c', {}, { schemaVersion: 2 }),
        ]),
        commit(10, [event('d', { list: [null, { deep: 'ü' }], flag: false, number: -1.5e300 })]),
      ],
    ],
    [
      'envelopes, and names that objects inherit',
      [
        commit(1, [event('a', { name: { enc: 'c2VjcmV0', key: 'k1', v: 1 } })]),
        commit(2, [event('b', JSON.parse('{"__proto__":{"x":1},"constructor":"c"}'))]),
      ],
    ],
  ])('keeps what folding reads: %s', (_name, commits) => {
    const unpacked = unpackCommits(stream, commits[0]?.version ?? 1, packCommits(commits));
    expect(unpacked).toStrictEqual(commits);
  });

  it('keeps events of old schema versions as they were stored: they are upcast when they are read', () => {
    const upcast = (data: object) => ({ amount: (data as { readonly cents: number }).cents / 100 });
    const events = { 'Test:Happened': { schema: {} as never, upcasters: [{ from: 1, upcast }] } };
    const [read] = unpackCommits(stream, 1, packCommits([commit(1, [event('a', { cents: 250 })])]));
    expect(read?.events[0]?.data).toEqual({ cents: 250 });
    const current = readEvent(events, stream, read?.events[0] as StoredEvent);
    expect(current).toMatchObject({ schemaVersion: 2, data: { amount: 2.5 } });
  });

  it.each<[string, Uint8Array]>([
    ['nothing', Buffer.alloc(0)],
    ['no compressed text', Buffer.from('{}')],
    ['no JSON', zstdCompressSync(Buffer.from('{'))],
    ['another form', packed({ form: 2 })],
    [
      'too few events',
      packed({
        form: 1,
        counts: 2,
        committedAt: [at],
        ids: ['a'],
        types: [['T', 1]],
        typeOf: [0],
        data: [{}],
      }),
    ],
    [
      'a type that is missing',
      packed({ form: 1, counts: 1, committedAt: [at], ids: ['a'], types: [], typeOf: [0], data: [{}] }),
    ],
    [
      'an id that is missing',
      packed({ form: 1, counts: 1, committedAt: [at], ids: [], types: [['T', 1]], typeOf: [0], data: [{}] }),
    ],
    [
      'commits without events',
      packed({
        form: 1,
        counts: 0,
        committedAt: [at],
        ids: ['a'],
        types: [['T', 1]],
        typeOf: [0],
        data: [{}],
      }),
    ],
  ])('throws for %s', (_name, bytes) => {
    expect(() => unpackCommits(stream, 1, bytes)).toThrow();
  });
});

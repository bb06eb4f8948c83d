import { describe, expect, it } from '@jest/globals';
import { isPlaceOfCommit } from './commit.ts';
import {
  categoryOfStream,
  idOfKey,
  idOfStream,
  keyOfStream,
  keyOfTenant,
  plainStreamName,
  plainStreamPattern,
  streamKey,
  streamName,
  streamOfTenant,
  streamPattern,
  tenantOfKey,
  tenantOfStream,
  tenantPattern,
} from './stream-name.ts';

const longestTenant = 't'.repeat(63);
const longestId = 'I'.repeat(64);

/** Tenants named like categories and ids, ids named like tenants and categories, and the longest names. */
const names: readonly (readonly [category: string, tenant: string, id: string, stream: string])[] = [
  ['ledger', 'default', 'a', 'ledger/a'],
  ['ledger', 'default', 'default', 'ledger/default'],
  ['ledger', 'default', 'acme', 'ledger/acme'],
  ['ledger', 'default', 'ledger', 'ledger/ledger'],
  ['ledger', 'acme', 'a', 'ledger/acme/a'],
  ['ledger', 'acme', 'acme', 'ledger/acme/acme'],
  ['ledger', 'acme', 'default', 'ledger/acme/default'],
  ['ledger', 'ledger', 'ledger', 'ledger/ledger/ledger'],
  ['ledger', '0', '0', 'ledger/0/0'],
  ['a-b', 'c--', 'D_-', 'a-b/c--/D_-'],
  ['ledger', longestTenant, longestId, `ledger/${longestTenant}/${longestId}`],
];

describe('the name of a stream', () => {
  it.each(names)('of %s, tenant %s, id %s is %s, and has one reading', (category, tenant, id, stream) => {
    const key = streamKey(tenant, id);
    expect(streamName(category, key)).toBe(stream);
    expect(keyOfTenant(tenant, id)).toBe(key);
    expect(streamOfTenant(tenant, `${category}/${id}`)).toBe(stream);
    expect(streamPattern.test(stream)).toBe(true);
    expect(isPlaceOfCommit(stream, 1)).toBe(true);
    expect(plainStreamPattern.test(stream)).toBe(tenant === 'default');
    expect([categoryOfStream(stream), tenantOfStream(stream), idOfStream(stream)]).toEqual([
      category,
      tenant,
      id,
    ]);
    expect([keyOfStream(stream), tenantOfKey(key), idOfKey(key)]).toEqual([key, tenant, id]);
    expect(plainStreamName(stream)).toBe(`${category}/${id}`);
  });

  it('is different for different categories, tenants and ids', () => {
    const parts = ['default', 'a', 'acme', 'ledger'];
    const all = parts.flatMap((category) =>
      parts.flatMap((tenant) => parts.map((id) => streamName(category, streamKey(tenant, id)))),
    );
    expect(new Set(all).size).toBe(4 ** 3);
  });

  it('fits into the keys of DynamoDB and of Kinesis', () => {
    // A category has at most 64 characters. Keys also have a generation, the name of a consumer, or a version.
    const longest = streamName('c'.repeat(64), streamKey(longestTenant, longestId));
    expect(Buffer.byteLength(longest)).toBeLessThanOrEqual(256);
    expect(Buffer.byteLength(`${longest}@${Number.MAX_SAFE_INTEGER}`)).toBeLessThan(250);
  });

  it.each([
    '',
    'ledger',
    'ledger/',
    '/a',
    'ledger/default/a',
    'ledger/Acme/a',
    'ledger/-a/b',
    'ledger/a_b/c',
    `ledger/${longestTenant}t/a`,
    `ledger/${longestId}I`,
    'ledger//a',
    'ledger/acme/',
    'ledger/acme/a/b',
    'ledger/acme/a\n',
    'Ledger/a',
  ])('is not %j', (text) => {
    expect(streamPattern.test(text)).toBe(false);
    expect(isPlaceOfCommit(text, 1)).toBe(false);
    expect(plainStreamPattern.test(text)).toBe(false);
  });
});

describe('a name that a caller gives', () => {
  it.each(['acme/a', 'a/b/c', 'ledger/acme/a', '', '/', 'ä', ' a'])('is no id: %j', (id) => {
    for (const tenant of ['default', 'acme']) expect(() => keyOfTenant(tenant, id)).toThrow(RangeError);
  });

  it.each(['a', 'ledger/acme/a', 'ledger//a', 'ledger/', '/a', ''])('is no stream: %j', (name) => {
    for (const tenant of ['default', 'acme']) expect(() => streamOfTenant(tenant, name)).toThrow(RangeError);
  });
});

it.each([
  ['default', true],
  ['0', true],
  [longestTenant, true],
  [`${longestTenant}t`, false],
  ['', false],
  ['Acme', false],
  ['a/b', false],
  ['a_b', false],
  ['-a', false],
  ['a\n', false],
])('%j is the name of a tenant: %s', (text, is) => {
  expect(tenantPattern.test(text)).toBe(is);
});

import { describe, expect, it } from '@jest/globals';
import type { Commit } from './commit.ts';
import { chainStart, commitHash, hashedAttributes, isHash, sealed } from './commit-hash.ts';
import { fromItem, toItem } from './dynamodb/commit-item.ts';
import { isEventSourcingError } from './errors.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };

const commit: Commit = {
  stream: 'test/a',
  version: 7,
  events: [{ id: 'e1', type: 'Test:Happened', schemaVersion: 1, data: { text: 'Zażółć 🐟 "quoted"', n: 1 } }],
  commandId: '§command',
  commandHash: 'intent',
  committedAt: '2026-01-02T03:04:05.678Z',
  correlationId: 'correlation',
  causationId: 'cause',
  actor: 'issuer subject',
  traceparent: '00-1-2-01',
  answer: '{"total":1}',
};
const stored = sealed(commit, undefined);

function codeOfReading(change: object): string | undefined {
  try {
    fromItem({ ...toItem(stored, keys), ...change }, keys);
    return undefined;
  } catch (error) {
    return isEventSourcingError(error) ? error.code : 'another error';
  }
}

describe('the hash of a commit', () => {
  it('never changes: stored commits have it', () => {
    expect(stored.previousHash).toBe('wwGtyRy5zh5rQJ8rA9HivUMAMEMO9LPyw854n9_BR3s');
    expect(stored.hash).toBe('IOUKqCRHUH5kBvH6e4j-mLWLzIywZkov5XdHW7XfgE4');
  });

  it('does not depend on how absent attributes are written', () => {
    const { actor: _actor, ...without } = commit;
    expect(sealed({ ...commit, actor: undefined }, 'h')).toMatchObject({ hash: sealed(without, 'h').hash });
  });

  it.each(hashedAttributes)('covers %s', (name) => {
    const content = Object.fromEntries(hashedAttributes.map((each) => [each, 'x']));
    expect(commitHash({ ...content, [name]: 'y' })).not.toBe(commitHash(content));
    expect(commitHash({ ...content, [name]: undefined })).not.toBe(commitHash(content));
    expect(commitHash({ ...content, [name]: '' })).not.toBe(commitHash({ ...content, [name]: undefined }));
  });

  it('is another one if text moves from one attribute to the next', () => {
    expect(commitHash({ commandId: 'a","b', commandHash: '' })).not.toBe(
      commitHash({ commandId: 'a', commandHash: 'b' }),
    );
    expect(commitHash({ actor: 'a' })).not.toBe(commitHash({ traceparent: 'a' }));
  });

  it('is that of the stored text if a text has a lone surrogate, which UTF-8 cannot store', () => {
    expect(commitHash({ actor: 'a\ud800' })).toBe(commitHash({ actor: 'a\ufffd' }));
  });

  it('starts a chain differently at each place', () => {
    const starts = [chainStart('test/a', 1), chainStart('test/a', 2), chainStart('test/b', 1)];
    expect(new Set(starts).size).toBe(3);
    expect(starts.every(isHash)).toBe(true);
  });
});

describe('a stored commit', () => {
  it('is what was appended', () => {
    expect(fromItem(toItem(stored, keys), keys)).toStrictEqual(stored);
    expect(codeOfReading({})).toBeUndefined();
  });

  const changed = { S: 'changed' };
  it.each([
    ...['events', 'commandId', 'commandHash', 'committedAt', 'correlationId', 'causationId', 'actor'].map(
      (name): [string, object] => [name, { [name]: changed }],
    ),
    ['traceparent', { traceparent: undefined }],
    ['answer', { answer: undefined }],
    ['count', { count: { N: '2' } }],
    ['version', { version: { N: '8' } }],
    ['stream', { stream: { S: 'test/b' } }],
    ['type of an attribute', { actor: { B: new Uint8Array() } }],
    ['previous hash', { previousHash: { S: chainStart('test/a', 8) } }],
    ['hash', { hash: { S: 'x'.repeat(43) } }],
    ['hash, which is gone', { hash: undefined }],
    ['previous hash, which is gone', { previousHash: undefined }],
    ['events, with the same meaning', { events: { S: ` ${JSON.stringify(commit.events)}` } }],
  ])('is refused with another %s', (_name, change) => {
    expect(codeOfReading(change)).toBe('log-changed');
  });

  it('of an earlier release has no hash, and is read', () => {
    expect(fromItem(toItem(commit, keys), keys)).toStrictEqual(commit);
  });
});

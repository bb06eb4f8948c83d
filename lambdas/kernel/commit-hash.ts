import { hash } from 'node:crypto';
import type { Commit, StreamName } from './commit.ts';

/** What the hash of a commit covers: its attributes as the log stores them, in this order, `null` for absent ones. */
export const hashedAttributes = [
  'previousHash',
  'stream',
  'version',
  'count',
  'events',
  'commandId',
  'commandHash',
  'committedAt',
  'correlationId',
  'causationId',
  'actor',
  'traceparent',
  'answer',
] as const;

/** The values of {@link hashedAttributes}. `events` is the JSON text as stored. */
export type HashedContent = {
  readonly [Name in (typeof hashedAttributes)[number]]?: string | number | undefined;
};

/**
 * The hash of a commit: SHA-256 of a JSON array of its attributes, as base64url. An array of texts and numbers is
 * unambiguous: no text of one attribute can pass into the next. A stored text never has a lone surrogate, so none is hashed.
 */
export function commitHash(content: HashedContent): string {
  return hashOf(hashedAttributes.map((name) => content[name] ?? null));
}

/**
 * The previous hash of a commit whose predecessor has no hash: the first of a stream, or the first after commits of an earlier
 * release. It differs for every place, so such a commit cannot be moved.
 */
export function chainStart(stream: StreamName, version: number): string {
  return hashOf(['streamfold chain start', stream, version]);
}

/** The commit with its place in the chain. `hashBefore`: the hash of the stream's last commit; undefined if it has none. */
export function sealed(commit: Commit, hashBefore: string | undefined): Commit {
  const { events, stream, version } = commit;
  const previousHash = hashBefore ?? chainStart(stream, version);
  const content = { ...commit, previousHash, count: events.length, events: JSON.stringify(events) };
  return { ...commit, previousHash, hash: commitHash(content) };
}

/** True for text that can be a hash: 32 bytes as base64url. */
export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value);
}

function hashOf(parts: readonly (string | number | null)[]): string {
  const wellFormed = parts.map((part) => (typeof part === 'string' ? part.toWellFormed() : part));
  // One call: an object for each hash would take half of the time.
  return hash('sha256', JSON.stringify(wellFormed), 'base64url');
}

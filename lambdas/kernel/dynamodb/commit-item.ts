import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { logChanged } from '../chain.ts';
import type { Commit, StoredEvent, StreamName } from '../commit.ts';
import { commitHash, type HashedContent, hashedAttributes } from '../commit-hash.ts';
import { EventSourcingError } from '../errors.ts';
import type { LinkedCommit } from '../rebuild/log-scan.ts';
import type { RawItem } from './query-page.ts';
import type { CommitKeys } from './tables.ts';

/** Maximum size of a DynamoDB item in bytes, attribute names included. */
export const commitMaxBytes = 400 * 1024;

/** The attributes besides the keys, the count and the events. Unknown optional ones are omitted. */
const optionalText = ['causationId', 'actor', 'traceparent', 'hash', 'previousHash'] as const;
const requiredText = ['commandId', 'commandHash', 'committedAt', 'correlationId', 'answer'] as const;

/** A commit as DynamoDB stores it. */
export type CommitItem = Record<string, AttributeValue>;

/**
 * A commit as a DynamoDB item. The events are one JSON string, because the client reads that about twice as fast as
 * native maps. Throws `commit-too-large`.
 */
export function toItem(commit: Commit, { partitionKey, sortKey }: CommitKeys): CommitItem {
  const item: CommitItem = {
    [partitionKey]: { S: commit.stream },
    [sortKey]: { N: String(commit.version) },
    count: { N: String(commit.events.length) },
    events: { S: JSON.stringify(commit.events) },
  };
  for (const name of requiredText) item[name] = { S: commit[name] };
  for (const name of optionalText) {
    const value = commit[name];
    if (value !== undefined) item[name] = { S: value };
  }
  const bytes = itemBytes(item);
  if (bytes > commitMaxBytes) {
    throw new EventSourcingError(
      'commit-too-large',
      commit.stream,
      `The ${commit.events.length} events of this command have ${bytes} bytes; the maximum of a commit is ${commitMaxBytes}. Split the command.`,
    );
  }
  return item;
}

/**
 * Reads a commit from its item. Throws `log-changed` if the content does not fit the hash, and `unreadable-event` for an item
 * that no version of this code has written.
 */
export function fromItem(item: RawItem, { partitionKey, sortKey }: CommitKeys): Commit {
  const stream = text('unknown', item, partitionKey) as StreamName;
  const version = versionOfItem(item, stream, sortKey);
  requireOwnHash(item, stream, version);
  const commit: Record<string, unknown> = {
    stream,
    version,
    events: parseEvents(stream, text(stream, item, 'events')),
  };
  for (const name of requiredText) commit[name] = text(stream, item, name);
  for (const name of optionalText) {
    const value = item[name]?.S;
    if (value !== undefined) commit[name] = value;
  }
  return commit as unknown as Commit;
}

/** The attributes besides the keys that {@link linkedFromItem} reads. */
export const linkedAttributes = ['count', 'events', 'committedAt', 'hash', 'previousHash'] as const;

/**
 * Reads what folding needs from an item with its keys and {@link linkedAttributes}. It does not check the commit's own hash: that covers
 * attributes which folding does not need. Throws `unreadable-event`, and `log-changed` if the number of events is another one.
 */
export function linkedFromItem(item: RawItem, { partitionKey, sortKey }: CommitKeys): LinkedCommit {
  const stream = text('unknown', item, partitionKey) as StreamName;
  const version = versionOfItem(item, stream, sortKey);
  const events = parseEvents(stream, text(stream, item, 'events'));
  if (item['count']?.N !== String(events.length)) {
    throw logChanged(stream, `The commit at version ${version} has another number of events than it names.`);
  }
  const { hash, previousHash } = item;
  return {
    ...{ stream, version, events, committedAt: text(stream, item, 'committedAt') },
    ...(hash?.S !== undefined && { hash: hash.S }),
    ...(previousHash?.S !== undefined && { previousHash: previousHash.S }),
  };
}

/** Throws `log-changed` if the item is not what was stored with its hash. An item of an earlier release has no hash. */
function requireOwnHash(item: RawItem, stream: StreamName, version: number): void {
  const { hash, previousHash } = item;
  if (hash === undefined && previousHash === undefined) return;
  const content: { -readonly [Name in keyof HashedContent]: HashedContent[Name] } = {};
  for (const name of hashedAttributes) {
    const value = item[name];
    content[name] = value?.S ?? (value?.N === undefined ? undefined : Number(value.N));
  }
  // The table may give its keys other names.
  if (hash?.S === commitHash(Object.assign(content, { stream, version }))) return;
  throw logChanged(stream, `The content of the commit at version ${version} does not fit its hash.`);
}

function versionOfItem(item: RawItem, stream: string, sortKey: string): number {
  const version = Number(item[sortKey]?.N);
  if (Number.isSafeInteger(version) && version >= 1) return version;
  throw new EventSourcingError(
    'unreadable-event',
    stream,
    `"${item[sortKey]?.N}" is not the version of a commit.`,
  );
}

function text(stream: string, item: RawItem, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) {
    throw new EventSourcingError('unreadable-event', stream, `The commit has no string attribute "${name}".`);
  }
  return value;
}

function parseEvents(stream: string, json: string): StoredEvent[] {
  let events: unknown;
  try {
    events = JSON.parse(json);
  } catch (cause) {
    throw new EventSourcingError('unreadable-event', stream, 'The events of a commit are not JSON.', {
      cause,
    });
  }
  if (!Array.isArray(events) || events.length === 0) {
    throw new EventSourcingError(
      'unreadable-event',
      stream,
      'The events of a commit are not a JSON array with at least one event.',
    );
  }
  if (!events.every(isStoredEvent)) {
    throw new EventSourcingError(
      'unreadable-event',
      stream,
      'An event of a commit lacks its id, type, schema version or data.',
    );
  }
  return events;
}

function isStoredEvent(event: Partial<StoredEvent> | null): event is StoredEvent {
  return (
    typeof event === 'object' &&
    event !== null &&
    typeof event.id === 'string' &&
    typeof event.type === 'string' &&
    typeof event.schemaVersion === 'number' &&
    typeof event.data === 'object' &&
    event.data !== null
  );
}

/** Upper bound of the item's size: names and strings in UTF-8, and 21 bytes for each number. */
function itemBytes(item: CommitItem): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += name.length + (value.S === undefined ? 21 : Buffer.byteLength(value.S));
  }
  return bytes;
}

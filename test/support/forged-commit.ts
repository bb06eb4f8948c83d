import { hash, randomUUID } from 'node:crypto';
import type { InsideHost, Item } from './inside-host.ts';

/** What the hash of a commit covers, in this order. It is no secret: whoever may write to the table can compute it. */
const hashed = [
  ...['previousHash', 'stream', 'version', 'count', 'events', 'commandId', 'commandHash', 'committedAt'],
  ...['correlationId', 'causationId', 'actor', 'traceparent', 'answer'],
];

/** An event as it is stored. */
export interface StoredEventData {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The commits of a stream, as they are stored, oldest first. */
export function commitsOf(inside: InsideHost, stream: string): Promise<Item[]> {
  return inside.query('EventLogTable', 'stream', stream);
}

/** The events of a stored commit. */
export function eventsOf(commit: Item | undefined): readonly StoredEventData[] {
  return JSON.parse(commit?.['events']?.S ?? '[]');
}

/** The event of this type in a stream, the newest if there are more. Throws if there is none. */
export async function eventOf(inside: InsideHost, stream: string, type: string): Promise<StoredEventData> {
  const event = (await commitsOf(inside, stream)).flatMap(eventsOf).findLast((each) => each.type === type);
  if (event === undefined) throw new Error(`The stream has no ${type}.`);
  return event;
}

/** Replaces the last commit of a stream, with a right hash. */
export async function replaceLast(
  inside: InsideHost,
  stream: string,
  change: (event: StoredEventData) => StoredEventData,
): Promise<void> {
  const last = (await commitsOf(inside, stream)).at(-1) as Item;
  await inside.put('EventLogTable', withEvents(last, eventsOf(last).map(change)));
}

/** Appends a commit with one event to a stream, with a right hash, by writing it into the table. `change`: of the commit, which is otherwise like the last one. */
export async function appendForged(
  inside: InsideHost,
  stream: string,
  event: Omit<StoredEventData, 'id'> & { readonly id?: string },
  change: (commit: Item) => Item = (commit) => commit,
): Promise<void> {
  const last = (await commitsOf(inside, stream)).at(-1) as Item;
  const version = Number(last['version']?.N) + eventsOf(last).length;
  const next = {
    ...last,
    version: { N: String(version) },
    commandId: { S: `§${randomUUID()}` },
    previousHash: last['hash'],
  };
  await inside.put('EventLogTable', withEvents(change(next as Item), [{ id: randomUUID(), ...event }]));
}

function withEvents(item: Item, events: readonly StoredEventData[]): Item {
  const changed: Item = {
    ...item,
    count: { N: String(events.length) },
    events: { S: JSON.stringify(events) },
  };
  const content = hashed.map((name) => {
    const { S, N } = (changed[name] ?? {}) as { readonly S?: string; readonly N?: string };
    return S ?? (N === undefined ? null : Number(N));
  });
  return { ...changed, hash: { S: hash('sha256', JSON.stringify(content), 'base64url') } };
}

import {
  type Commit,
  categoryOfStream,
  isVersion,
  placeOfCommit,
  type ReceivedCommit,
  type StoredEvent,
  type StreamName,
  streamPattern,
  validTraceparent,
} from '../kernel/index.ts';

/**
 * The published form of one event of a commit: CloudEvents 1.0 (https://github.com/cloudevents/spec), JSON format, with
 * extension attributes for projectors. The specification allows only lower-case letters and digits in their names.
 */
export interface PublishedEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The stream. */
  readonly subject: string;
  /** When it was committed. */
  readonly time: string;
  readonly datacontenttype?: 'application/json';
  readonly data?: object;
  readonly schemaversion?: number;
  /** Version of the event in its stream, 1-based. */
  readonly streamversion: number;
  /** Version of the commit's first event. */
  readonly commitversion: number;
  /** Number of events in the commit. */
  readonly commitcount: number;
  readonly commandid: string;
  readonly correlationid: string;
  readonly causationid?: string;
  readonly actor?: string;
  readonly traceparent?: string;
}

/**
 * The published form of a commit, as JSON in ASCII. `category` lets event sources filter. Readers ignore fields that they
 * do not know.
 */
export interface PublishedCommit {
  readonly category: string;
  readonly events: readonly PublishedEvent[];
}

/** A commit whose published form is larger is published without its events: consumers read them from the log. */
export const publishedMaxBytes = 900_000;

/** The type of a notification's only event. A notification is a commit that is published without its events. */
export const notificationType = 'Streamfold:CommitAppended';

/** The text is not the published form of one whole commit. */
export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError';
}

/**
 * The published form of a commit: {@link PublishedCommit}. A commit without events, or with a form of more than `maxBytes`
 * bytes, becomes a notification. `traceparent`: the trace context that its events carry.
 */
export function encodeCommit(
  commit: Commit,
  maxBytes = publishedMaxBytes,
  traceparent = commit.traceparent,
): string {
  const shared = envelope(commit, traceparent);
  const published = encode(
    commit,
    commit.events.map((event, index) => publishedEvent(shared, commit, event, index)),
  );
  // In ASCII, a character is a byte.
  if (commit.events.length > 0 && published.length <= maxBytes) return published;
  return encode(commit, [
    {
      ...shared,
      id: placeOfCommit(commit),
      type: notificationType,
      streamversion: commit.version,
    },
  ]);
}

/** Throws {@link MalformedRecordError} for a commit whose published form {@link decodeCommit} would refuse. */
export function requirePublishable(commit: Commit): void {
  const shared = envelope(commit, commit.traceparent);
  const events = commit.events.map((event, index) => publishedEvent(shared, commit, event, index));
  for (const [index, event] of events.entries()) checkPublished(event, events[0] as PublishedEvent, index);
}

/** Reads the published form of a commit. Throws {@link MalformedRecordError}. */
export function decodeCommit(json: string): ReceivedCommit {
  const published = publishedEventsOf(json);
  const [first] = published as readonly [PublishedEvent];
  for (const [index, event] of published.entries()) checkPublished(event, first, index);
  const isNotification = first.type === notificationType;
  if (published.length !== (isNotification ? 1 : first.commitcount)) {
    throw new MalformedRecordError(
      `The record has ${published.length} of the commit's ${first.commitcount} events.`,
    );
  }
  // A malformed one is ignored, as W3C asks for.
  const traceparent = validTraceparent(first.traceparent);
  return {
    stream: first.subject as StreamName,
    version: first.commitversion,
    count: first.commitcount,
    events: isNotification ? [] : published.map(storedEvent),
    committedAt: first.time,
    correlationId: first.correlationid,
    ...(traceparent !== undefined && { traceparent }),
  };
}

function encode({ stream }: Commit, events: readonly PublishedEvent[]): string {
  const published: PublishedCommit = { category: categoryOfStream(stream), events };
  return JSON.stringify(published).replace(/[^\0-\x7f]/g, escaped);
}

/** SQS refuses some characters. In JSON they occur only inside strings, where an escape means the same. */
function escaped(utf16Unit: string): string {
  return `\\u${utf16Unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The events of a published form, at least one. They are not checked. */
function publishedEventsOf(json: string): readonly PublishedEvent[] {
  let published: unknown;
  try {
    published = JSON.parse(json);
  } catch (cause) {
    throw new MalformedRecordError('The record is not JSON.', { cause });
  }
  // The form before 2026-12, a list of events. It stays readable for 30 days after the release that changed it: it is in
  // streams, queues, failure buckets and failure queues.
  if (Array.isArray(published) && published.length > 0) return published;
  const { category, events } = (published ?? {}) as Partial<PublishedCommit>;
  if (!Array.isArray(events) || events.length === 0) {
    throw new MalformedRecordError('The record is not an object with a list of at least one CloudEvent.');
  }
  if (category !== categoryOfStream(String(events[0]?.subject))) {
    throw new MalformedRecordError('The category of the record is not that of its stream.');
  }
  return events;
}

function publishedEvent(
  shared: ReturnType<typeof envelope>,
  commit: Commit,
  event: StoredEvent,
  index: number,
): PublishedEvent {
  return {
    ...shared,
    id: event.id,
    type: event.type,
    datacontenttype: 'application/json',
    data: event.data,
    schemaversion: event.schemaVersion,
    streamversion: commit.version + index,
  };
}

/** The attributes that all events of a commit share. */
function envelope(commit: Commit, traceparent: string | undefined) {
  return {
    specversion: '1.0' as const,
    source: `/streamfold/${categoryOfStream(commit.stream)}`,
    subject: commit.stream,
    time: commit.committedAt,
    commitversion: commit.version,
    commitcount: Math.max(1, commit.events.length),
    commandid: commit.commandId,
    correlationid: commit.correlationId,
    ...(commit.causationId !== undefined && { causationid: commit.causationId }),
    ...(commit.actor !== undefined && { actor: commit.actor }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

function checkPublished(event: Partial<PublishedEvent> | null, first: PublishedEvent, index: number): void {
  const isSound =
    typeof event === 'object' &&
    event !== null &&
    typeof event.id === 'string' &&
    typeof event.type === 'string' &&
    typeof event.time === 'string' &&
    typeof event.subject === 'string' &&
    streamPattern.test(event.subject) &&
    isVersion(event.commitversion) &&
    isVersion(event.commitcount) &&
    (event.type === notificationType ||
      (typeof event.data === 'object' && event.data !== null && isVersion(event.schemaversion)));
  if (!isSound)
    throw new MalformedRecordError(`Event ${index + 1} of the record is not a CloudEvent of a commit.`);
  if (
    event.subject !== first.subject ||
    event.commitversion !== first.commitversion ||
    event.streamversion !== first.commitversion + index
  ) {
    throw new MalformedRecordError(
      `Event ${index + 1} of the record does not continue the commit of the first.`,
    );
  }
}

function storedEvent(event: PublishedEvent): StoredEvent {
  return { id: event.id, type: event.type, schemaVersion: event.schemaversion ?? 1, data: event.data ?? {} };
}

import type { DomainEvent } from './decider.ts';
import { EventSourcingError } from './errors.ts';

/** Where a stream lives: `category/id`. */
export type StreamName = `${string}/${string}`;

/** An id within a category: a letter or digit, then up to 63 letters, digits, `_` or `-`. */
export const aggregateIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A stream's name: a category, of lower-case letters, digits and `-`, and an id. */
export const streamPattern = /^[a-z][a-z0-9-]*\/[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export function streamName(category: string, id: string): StreamName {
  return `${category}/${id}`;
}

/** The id of a stream: what stands behind the first slash. */
export function idOfStream(stream: string): string {
  return stream.slice(stream.indexOf('/') + 1);
}

export function categoryOfStream(stream: string): string {
  return stream.slice(0, stream.indexOf('/'));
}

/** An event as the log keeps it. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  /** Which shape `data` has: 1 for the first ever written. */
  readonly schemaVersion: number;
  readonly data: object;
}

/** Who and what caused a commit; travels unchanged into every published event. */
export interface CommitContext {
  readonly correlationId: string;
  /** Id of the event that an automation reacted to. */
  readonly causationId?: string | undefined;
  readonly actor?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** The 1..n events that one command appended to one stream: one item of the log, atomic and ordered inside. */
export interface Commit extends CommitContext {
  readonly stream: StreamName;
  /** Version of the first event, 1-based and gapless within the stream. */
  readonly version: number;
  readonly events: readonly StoredEvent[];
  readonly commandId: string;
  /** SHA-256 of the command's meaning: tells a retry from another command under the same key. */
  readonly commandHash: string;
  /** ISO 8601, UTC, ms; never before the stream's previous commit. */
  readonly committedAt: string;
  /** JSON of what the command answered, so that a retry is answered the same without the history. */
  readonly answer: string;
}

/** The version that a stream has reached with this commit. */
export function lastVersionOf(commit: {
  readonly version: number;
  readonly events: readonly unknown[];
}): number {
  return commit.version + commit.events.length - 1;
}

/** Throws `unreadable-event` unless the commit goes on where a stream at this version ends. */
export function requireNext(commit: Pick<Commit, 'stream' | 'version'>, version: number): void {
  if (commit.version === version + 1) return;
  throw new EventSourcingError(
    'unreadable-event',
    commit.stream,
    `Version ${version + 1} of the stream is missing before ${commit.version}.`,
  );
}

/** An event with everything known of it: what folds and queries see. */
export interface RecordedEvent extends StoredEvent {
  readonly stream: StreamName;
  /** 1-based position in the stream. */
  readonly version: number;
  readonly committedAt: string;
}

/** A recorded event of a known type. */
export type Recorded<Event extends DomainEvent> = RecordedEvent & Event;

/** The events of a commit, each with its own version. */
export function recordedEvents(
  commit: Pick<Commit, 'stream' | 'version' | 'events' | 'committedAt'>,
): RecordedEvent[] {
  return commit.events.map((event, index) => ({
    ...event,
    stream: commit.stream,
    version: commit.version + index,
    committedAt: commit.committedAt,
  }));
}

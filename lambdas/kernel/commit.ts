import type { DomainEvent } from './decider.ts';
import { EventSourcingError } from './errors.ts';
import { type StreamName, streamPattern } from './stream-name.ts';

export {
  aggregateIdPattern,
  categoryOfStream,
  idOfStream,
  keyOfStream,
  type StreamName,
  streamName,
  streamPattern,
} from './stream-name.ts';

/** True if these are a valid stream name and version. */
export function isPlaceOfCommit(stream: unknown, version: unknown): boolean {
  return typeof stream === 'string' && streamPattern.test(stream) && isVersion(version);
}

/** True for a whole number of at least 1. */
export function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** An event as the log stores it. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  /** The version of the shape of `data`. The first is 1. */
  readonly schemaVersion: number;
  readonly data: object;
}

/** Who and what caused a commit. Every published event carries it. */
export interface CommitContext {
  readonly correlationId: string;
  /** Id of the event that an automation reacted to. */
  readonly causationId?: string | undefined;
  /** The caller, as `actorName` spells it. Commits of earlier versions have only the subject. Absent: nobody was asked. */
  readonly actor?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** The events, at least one, that one command appended to one stream: one item of the log, atomic and in order. */
export interface Commit extends CommitContext {
  readonly stream: StreamName;
  /** Version of the first event, 1-based and gapless within the stream. */
  readonly version: number;
  readonly events: readonly StoredEvent[];
  /** Identifies the command on this stream. On a stream with a data key: an HMAC under it. */
  readonly commandId: string;
  /**
   * SHA-256 of the command's intent: distinguishes a retry from another command with the same id. On a stream with a data key: an HMAC
   * under it.
   */
  readonly commandHash: string;
  /**
   * When it was appended: ISO 8601, UTC, ms; never before the stream's previous commit, and the same for all commits of one
   * command. Commits of earlier versions have the time of the request instead, and those of one command can differ.
   */
  readonly committedAt: string;
  /** The answer to the command, as JSON. A retry gets it again. */
  readonly answer: string;
  /** The hash of its content and of `previousHash`. Absent: a commit of an earlier release. */
  readonly hash?: string;
  /** The hash of the stream's commit before. If that has none, it is `chainStart`. Present with `hash`. */
  readonly previousHash?: string;
}

/** The place of a commit as text: `ledger/7f3c@12`. */
export function placeOfCommit({ stream, version }: Pick<Commit, 'stream' | 'version'>): string {
  return `${stream}@${version}`;
}

/** The version of the stream after this commit: that of its last event. */
export function lastVersionOf(commit: {
  readonly version: number;
  readonly events: readonly unknown[];
}): number {
  return commit.version + commit.events.length - 1;
}

/** Throws `log-changed` if the commit is not the next one of a stream at this version. */
export function requireNext(commit: Pick<Commit, 'stream' | 'version'>, version: number): void {
  if (commit.version === version + 1) return;
  throw new EventSourcingError(
    'log-changed',
    commit.stream,
    `Version ${version + 1} of the stream is missing before ${commit.version}.`,
  );
}

/** An event with its stream, version and time: what folds and queries see. */
export interface RecordedEvent extends StoredEvent {
  readonly stream: StreamName;
  /** 1-based position in the stream. */
  readonly version: number;
  readonly committedAt: string;
}

/** A recorded event of a known type. */
export type Recorded<Event extends DomainEvent> = RecordedEvent & Event;

/** An event of a commit, with its version. */
export function recordedEvent(
  { stream, committedAt }: Pick<Commit, 'stream' | 'committedAt'>,
  { id, type, schemaVersion, data }: StoredEvent,
  version: number,
): RecordedEvent {
  // Naming the members is twice as fast as copying all, and each event of a fold comes through here.
  return { id, type, schemaVersion, data, stream, version, committedAt };
}

/** The events of a commit, each with its own version. */
export function recordedEvents(
  commit: Pick<Commit, 'stream' | 'version' | 'events' | 'committedAt'>,
): RecordedEvent[] {
  return commit.events.map((event, index) => recordedEvent(commit, event, commit.version + index));
}

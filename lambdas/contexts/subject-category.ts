import type { Personal, RecordedEvent, StreamName } from '../kernel/index.ts';

/** The person that a stream is linked to, as its events say. */
export interface LinkedPerson {
  /** Random. */
  readonly personId: string;
  /** Version of the event that says so. */
  readonly version: number;
  /** The person's number in a register. Absent: the person cannot be searched. */
  readonly identifier?: Personal<string>;
  readonly birthDate: Personal<string>;
}

/** Why the data of a subject were erased. */
export interface Erasure {
  /** Id of the erasure: the event of the request, or of the retention. Repeating an erasure with the same id has no effect. */
  readonly id: string;
  readonly legalGround: string;
  /** The W3C trace context for the commit. Default: none. */
  readonly traceparent?: string | undefined;
}

/**
 * What a context with personal data tells the automations that index, export and erase the data of persons. Each of its streams is one data
 * subject, with a key of its own.
 */
export interface SubjectCategory {
  readonly category: string;
  /** The person of a stream with these events: all of them, from the first. Undefined: none, or the data are erased. */
  personIn(events: readonly RecordedEvent[]): LinkedPerson | undefined;
  /** The ids of all persons that the events name, also of those that a correction replaced: the stream still has their data. */
  personsIn(events: readonly RecordedEvent[]): readonly string[];
  /** True if the events have that of the erasure. */
  isErased(events: readonly RecordedEvent[]): boolean;
  /** The keys of all documents that the events name, also of those that were replaced. */
  documentsIn(events: readonly RecordedEvent[]): readonly string[];
  /**
   * Appends the event of the erasure: from then on every command on the stream is refused. Answers once it is in the log. Without effect
   * if the stream does not exist, or was erased before.
   */
  erase(stream: StreamName, erasure: Erasure, now: string): Promise<void>;
}

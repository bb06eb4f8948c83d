import {
  categoryOfStream,
  type EventLog,
  isEnvelope,
  type ReceivedCommit,
  type RecordedEvent,
  readEvent,
  recordedEvents,
  type StreamName,
  validTraceparent,
} from '../../../../kernel/index.ts';
import { dispense } from '../../domain/dispense.ts';
import { type DataOf, dispenseEvents } from '../../domain/events.ts';

/** An upload of a prescription, or of a further page of it. */
export interface Upload {
  readonly stream: StreamName;
  /** Of the commit. */
  readonly version: number;
  readonly eventId: string;
  /** Of the document that was uploaded. */
  readonly key: string;
  /** Of the pages before it, in their order. */
  readonly earlierKeys: readonly string[];
  /** Whether the dispense had a data key then. Only uploads of earlier releases have none. */
  readonly hasKey: boolean;
  readonly correlationId: string;
  /** The W3C trace context for its outcome. Undefined: nobody traces it. */
  readonly traceparent: string | undefined;
}

/**
 * The uploads in a published commit, with the context of the commit. `from`: the log is read only if the message has no events (`message`), or
 * always, because the sender of the message is not trusted (`log`). Throws if the log does not have the commit.
 */
export async function uploadsOf(
  received: ReceivedCommit,
  log: Pick<EventLog, 'readCommit'>,
  from: 'message' | 'log',
): Promise<Upload[]> {
  const { stream, version } = received;
  // A commit that the publisher cannot read goes to all queues.
  if (categoryOfStream(stream) !== dispense.category) return [];
  const isWhole = from === 'message' && received.events.length > 0;
  const commit = isWhole ? received : await log.readCommit(stream, version);
  if (commit === undefined) throw new Error(`The log has no commit at version ${version} of ${stream}.`);
  const { correlationId } = commit;
  const traceparent = validTraceparent(commit.traceparent);
  return recordedEvents(commit)
    .filter(({ type }) => type === 'Dispense:PrescriptionUploaded')
    .map((event) => ({ ...uploadOf(event), stream, version, correlationId, traceparent }));
}

function uploadOf(event: RecordedEvent): Pick<Upload, 'eventId' | 'key' | 'earlierKeys' | 'hasKey'> {
  const { key, earlierKeys, sha256 } = readEvent(dispenseEvents, event.stream, event)
    .data as DataOf<'Dispense:PrescriptionUploaded'>;
  return { eventId: event.id, key, earlierKeys, hasKey: isEnvelope(sha256) };
}

import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import {
  type EventLog,
  readEvent,
  recordedEvents,
  type SubjectKeys,
  validTraceparent,
} from '../../../../kernel/index.ts';
import { traceparentOfMessage } from '../../../../messaging/message-trace.ts';
import { type DataOf, dispenseEvents } from '../../domain/events.ts';
import { decodeFinding, type Finding, MalformedFindingError, type Outcome } from './finding.ts';
import { canBeRecorded, tooLarge } from './reading-size.ts';
import { type OutcomeRecording, type RecordedUpload, recordOutcome } from './record-outcome.ts';
import { openReading } from './sealed-reading.ts';

/** What recording needs. */
export interface RecordFindingsDependencies extends OutcomeRecording {
  readonly log: Pick<EventLog, 'readCommit'>;
  /** The data keys of dispenses. They open what was read. */
  readonly keys: Pick<SubjectKeys, 'find'>;
}

/** The outcome of a batch. */
export interface RecordedFindings {
  readonly response: SQSBatchResponse;
  /** Number of findings that were handled, also of those that were recorded before or came too late. */
  readonly handled: number;
  readonly correlationIds: readonly string[];
}

/** The finding names no upload of its stream. */
export class UnknownUploadError extends Error {
  override readonly name = 'UnknownUploadError';
}

/**
 * Records the findings in the queue's messages, one after the other. The id of each command is derived from the upload's event,
 * so the first finding of an upload counts, and later ones change nothing. A message that fails is delivered again, and waits in
 * the failure queue after its last delivery: also one that is no finding of an upload, or whose ciphertext is not of the upload. Only
 * faulty or hostile code sends such a message, so a person must see it. A finding of a dispense that was erased meanwhile is done.
 */
export async function recordFindings(
  records: readonly SQSRecord[],
  dependencies: RecordFindingsDependencies,
): Promise<RecordedFindings> {
  const correlationIds = new Set<string>();
  const failed: string[] = [];
  for (const message of records) {
    try {
      correlationIds.add(await record(message, dependencies));
    } catch (error) {
      const { messageId } = message;
      failed.push(messageId);
      dependencies.observer.warn('A finding could not be recorded. Its message will be delivered again.', {
        messageId,
        error,
      });
    }
  }
  return {
    response: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) },
    handled: records.length - failed.length,
    correlationIds: [...correlationIds],
  };
}

/** Returns the correlation id of the upload. A message without a valid trace context has that of the upload's commit. */
async function record(message: SQSRecord, dependencies: RecordFindingsDependencies): Promise<string> {
  const finding = decodeFinding(message.body);
  const upload = await uploadOf(finding, dependencies);
  const traceparent = traceparentOfMessage(message) ?? upload.traceparent;
  await recordOutcome({ ...upload, traceparent }, () => opened(finding, dependencies), dependencies);
  return upload.correlationId;
}

/** The outcome, with a plain reading. `erased`: the key of the dispense is destroyed. Throws {@link MalformedFindingError}. */
async function opened(
  { outcome, ...finding }: Finding,
  { keys, observer }: RecordFindingsDependencies,
): Promise<Outcome | 'erased'> {
  if (outcome.type === 'failed') return outcome;
  if (outcome.type === 'read') return recordable(outcome.reading);
  const key = await keys.find(finding.stream);
  if (key === undefined) {
    const { uploadEventId } = finding;
    observer.warn('A finding is not recorded, because its dispense was erased.', { uploadEventId });
    return 'erased';
  }
  const reading = openReading(finding, outcome.reading, key);
  if (reading === undefined) throw new MalformedFindingError('The sealed finding is no reading.');
  return recordable(reading);
}

/** A reading of the release before can be larger than what an event holds now. */
function recordable(reading: Extract<Outcome, { type: 'read' }>['reading']): Outcome {
  return canBeRecorded(reading) ? { type: 'read', reading } : { type: 'failed', reason: tooLarge };
}

/** The upload of a finding. The key of the document and what is of the commit are from the log. Throws {@link UnknownUploadError}. */
async function uploadOf(
  { stream, version, uploadEventId }: Finding,
  { log }: RecordFindingsDependencies,
): Promise<RecordedUpload> {
  const commit = await log.readCommit(stream, version);
  const event =
    commit &&
    recordedEvents(commit).find(
      ({ id, type }) => id === uploadEventId && type === 'Dispense:PrescriptionUploaded',
    );
  if (!event)
    throw new UnknownUploadError(`The commit at version ${version} of ${stream} has no such upload.`);
  const { key } = readEvent(dispenseEvents, stream, event).data as DataOf<'Dispense:PrescriptionUploaded'>;
  const { correlationId } = commit;
  const traceparent = validTraceparent(commit.traceparent);
  return { stream, version, eventId: uploadEventId, key, correlationId, traceparent };
}

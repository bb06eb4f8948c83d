import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { v5 as uuidv5 } from 'uuid';
import { maxReceives } from '../../../../../schema/queues.ts';
import {
  type CommandHandler,
  categoryOfStream,
  commandIdOfReaction,
  type EventLog,
  keyOfStream,
  type Observer,
  type RecordedEvent,
  readEvent,
  recordedEvents,
  systemActor,
} from '../../../../kernel/index.ts';
import { decodeCommit } from '../../../../messaging/published-commit.ts';
import type { DispenseAnswer } from '../../api/answers.ts';
import { DocumentNotFoundError, type DocumentStore } from '../../documents/document-store.ts';
import { type Dispense, type DispenseCommand, dispense } from '../../domain/dispense.ts';
import { type DataOf, type DispenseEvent, dispenseEvents } from '../../domain/events.ts';
import { type PrescriptionAnalyzer, UnreadablePrescriptionError } from './prescription-analyzer.ts';

/** The name of the automation, in its commands. */
const analyzerName = 'prescription-analyzer';
/** Namespace of the ids of the analysis' commands in the release before (RFC 9562, UUIDv5). See `EarlierIdentity`. */
const earlierNamespace = '7f1c9f0e-5a2b-4c55-9d1c-0f6a4f2f6b3d';

/** What the analysis needs. */
export interface AnalyzeUploadsDependencies {
  readonly log: Pick<EventLog, 'readCommit'>;
  readonly documents: Pick<DocumentStore, 'get' | 'keep'>;
  readonly analyzer: PrescriptionAnalyzer;
  readonly handler: Pick<CommandHandler<Dispense, DispenseCommand, DispenseEvent, DispenseAnswer>, 'handle'>;
  readonly observer: Observer;
  /** The current instant, ISO 8601, UTC, ms. */
  readonly now: () => string;
}

/** The outcome of a batch. */
export interface AnalyzedUploads {
  readonly response: SQSBatchResponse;
  /** Number of uploads with an analysis. */
  readonly analyzed: number;
  /** Number of uploads that could not be read. A person must read them. */
  readonly unreadable: number;
  readonly correlationIds: readonly string[];
}

interface Upload {
  /** The key of the dispense's stream: its id, with its tenant. */
  readonly dispenseId: string;
  readonly eventId: string;
  readonly key: string;
  readonly correlationId: string;
}

type Finding = Extract<DispenseCommand, { type: 'RecordAnalysis' | 'FailAnalysis' }>;

/**
 * Analyzes the uploads in the queue's messages, one after the other, and sends a command with the result of each. The id
 * of the command is derived from the upload's event, so a message that is delivered twice records one result.
 * A failed message is delivered again. At its last delivery, the analysis is recorded as failed.
 * One message may need most of a Lambda's time, so the event source should deliver one at a time.
 */
export async function analyzeUploads(
  records: readonly SQSRecord[],
  dependencies: AnalyzeUploadsDependencies,
): Promise<AnalyzedUploads> {
  const counts = { RecordAnalysis: 0, FailAnalysis: 0 };
  const correlationIds = new Set<string>();
  const failed: string[] = [];
  for (const record of records) {
    try {
      const isLastAttempt = Number(record.attributes.ApproximateReceiveCount) >= maxReceives;
      for (const upload of await uploadsOf(record, dependencies)) {
        correlationIds.add(upload.correlationId);
        const finding = await find(upload, isLastAttempt, dependencies);
        await send(finding, upload, dependencies);
        counts[finding.type] += 1;
      }
    } catch (error) {
      const { messageId } = record;
      failed.push(messageId);
      dependencies.observer.warn('An upload could not be analyzed. Its message will be delivered again.', {
        messageId,
        error,
      });
    }
  }
  return {
    response: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) },
    analyzed: counts.RecordAnalysis,
    unreadable: counts.FailAnalysis,
    correlationIds: [...correlationIds],
  };
}

/** The uploads in the commit of a message. If the message has no events, the commit is read from the log. */
async function uploadsOf(record: SQSRecord, { log }: AnalyzeUploadsDependencies): Promise<Upload[]> {
  const received = decodeCommit(record.body);
  const { stream, version, correlationId } = received;
  // A commit that the publisher cannot read goes to all queues.
  if (categoryOfStream(stream) !== dispense.category) return [];
  const commit = received.events.length > 0 ? received : await log.readCommit(stream, version);
  if (commit === undefined) throw new Error(`The log has no commit at version ${version} of ${stream}.`);
  return recordedEvents(commit)
    .filter(({ type }) => type === 'Dispense:PrescriptionUploaded')
    .map((event) => uploadOf(event, correlationId));
}

function uploadOf(event: RecordedEvent, correlationId: string): Upload {
  const { key } = readEvent(dispenseEvents, event.stream, event)
    .data as DataOf<'Dispense:PrescriptionUploaded'>;
  return { dispenseId: keyOfStream(event.stream), eventId: event.id, key, correlationId };
}

/** The result of the analysis. Throws if another attempt may succeed, except at the last attempt. */
async function find(
  { eventId: uploadEventId, key }: Upload,
  isLastAttempt: boolean,
  { documents, analyzer, observer }: AnalyzeUploadsDependencies,
): Promise<Finding> {
  const failing = (reason: string): Finding => ({ type: 'FailAnalysis', key, uploadEventId, reason });
  try {
    // The API keeps the document after the append. If it crashed in between, this keeps it.
    await documents.keep(key);
    const { analyzer: by, confidence, drugs } = await analyzer.analyze(await documents.get(key));
    return { type: 'RecordAnalysis', key, uploadEventId, analyzer: by, confidence, drugs };
  } catch (error) {
    if (error instanceof UnreadablePrescriptionError) return failing(error.message);
    if (error instanceof DocumentNotFoundError) {
      return failing('The document no longer exists. Upload it again.');
    }
    if (!isLastAttempt) throw error;
    observer.warn('The last attempt to analyze an upload failed.', { uploadEventId, error });
    return failing(
      `The document could not be read in ${maxReceives} attempts. Upload it again, or enter the drugs by hand.`,
    );
  }
}

/** Sends the result. The decider ignores a late one. */
async function send(
  command: Finding,
  { dispenseId, eventId, correlationId }: Upload,
  { handler, observer, now }: AnalyzeUploadsDependencies,
): Promise<void> {
  const result = await handler.handle([{ id: dispenseId, command }], {
    commandId: commandIdOfReaction(analyzerName, eventId),
    earlier: { commandId: uuidv5(eventId, earlierNamespace), actor: analyzerName },
    // The same for every outcome: the first committed attempt determines the outcome of this upload.
    intent: ['RecordAnalysis', eventId],
    now: now(),
    correlationId,
    causationId: eventId,
    actor: systemActor(analyzerName),
  });
  if (result.outcome === 'rejected') {
    observer.warn('The outcome of an analysis was refused.', { eventId, code: result.rejection.code });
  }
}

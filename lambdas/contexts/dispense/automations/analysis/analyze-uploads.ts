import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { maxReceives } from '../../../../../schema/queues.ts';
import {
  categoryOfStream,
  type EventLog,
  type Observer,
  type RecordedEvent,
  readEvent,
  recordedEvents,
  type StreamName,
} from '../../../../kernel/index.ts';
import { decodeCommit } from '../../../../messaging/published-commit.ts';
import { DocumentNotFoundError, type DocumentStore } from '../../documents/document-store.ts';
import { dispense } from '../../domain/dispense.ts';
import { type DataOf, dispenseEvents } from '../../domain/events.ts';
import { encodeFinding, type Findings, type Outcome, outcomeSchema } from './finding.ts';
import {
  type Analysis,
  type PrescriptionAnalyzer,
  UnreadablePrescriptionError,
} from './prescription-analyzer.ts';

/** What the analysis needs. It records nothing: it parses documents of strangers, so it may not write to the log. */
export interface AnalyzeUploadsDependencies {
  readonly log: Pick<EventLog, 'readCommit'>;
  readonly documents: Pick<DocumentStore, 'get' | 'keep'>;
  readonly analyzer: PrescriptionAnalyzer;
  readonly findings: Findings;
  readonly observer: Observer;
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
  readonly stream: StreamName;
  /** Of the commit. */
  readonly version: number;
  readonly eventId: string;
  /** Of all pages, in order. */
  readonly keys: readonly string[];
  readonly correlationId: string;
}

/**
 * Analyzes the uploads in the queue's messages, one after the other, and sends the finding of each to the recorder. A message
 * that is delivered twice sends two findings, of which the recorder records the first.
 * A failed message is delivered again. At its last delivery, the finding is that the analysis failed.
 * One message may need most of a Lambda's time, so the event source should deliver one at a time.
 */
export async function analyzeUploads(
  records: readonly SQSRecord[],
  dependencies: AnalyzeUploadsDependencies,
): Promise<AnalyzedUploads> {
  const counts = { analyzed: 0, failed: 0 };
  const correlationIds = new Set<string>();
  const failed: string[] = [];
  for (const record of records) {
    try {
      const isLastAttempt = Number(record.attributes.ApproximateReceiveCount) >= maxReceives;
      for (const upload of await uploadsOf(record, dependencies)) {
        correlationIds.add(upload.correlationId);
        const outcome = await find(upload, isLastAttempt, dependencies);
        const { stream, version, eventId: uploadEventId } = upload;
        await dependencies.findings.send(encodeFinding({ stream, version, uploadEventId, outcome }));
        counts[outcome.type] += 1;
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
    analyzed: counts.analyzed,
    unreadable: counts.failed,
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
    .map((event) => ({ ...uploadOf(event), stream, version, correlationId }));
}

function uploadOf(event: RecordedEvent): Pick<Upload, 'eventId' | 'keys'> {
  const { key, earlierKeys } = readEvent(dispenseEvents, event.stream, event)
    .data as DataOf<'Dispense:PrescriptionUploaded'>;
  return { eventId: event.id, keys: [...earlierKeys, key] };
}

/** The outcome of the analysis. Throws if another attempt may succeed, except at the last attempt. */
async function find(
  { eventId: uploadEventId, keys }: Upload,
  isLastAttempt: boolean,
  { documents, analyzer, observer }: AnalyzeUploadsDependencies,
): Promise<Outcome> {
  try {
    // The API keeps the document after the append. If it crashed in between, this keeps it.
    for (const one of keys) await documents.keep(one);
    return recordable(await analyzer.analyze(await Promise.all(keys.map((one) => documents.get(one)))));
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

/** The outcome with an analysis, if the recorder accepts it: its texts and numbers have limits. */
function recordable(analysis: Analysis): Outcome {
  const { data } = outcomeSchema.safeParse({ type: 'analyzed', ...analysis });
  return (
    data ??
    failing('The drugs in the document have parts that are too long or too large. Enter them by hand.')
  );
}

function failing(reason: string): Outcome {
  return { type: 'failed', reason };
}

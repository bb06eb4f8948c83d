import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import {
  type CausedStep,
  type EventLog,
  isOutage,
  type Observer,
  type ReceivedCommit,
  type SubjectKeys,
} from '../../../../kernel/index.ts';
import { commitCause, stepForMessage } from '../../../../messaging/message-trace.ts';
import { decodeCommit } from '../../../../messaging/published-commit.ts';
import { DocumentNotFoundError, type DocumentStore } from '../../documents/document-store.ts';
import { type AnalysisQueue, attemptAfter, attemptOf } from './analysis-queue.ts';
import { fetchPages, type PageFetching } from './fetch-pages.ts';
import {
  encodeFinding,
  type Findings,
  MalformedFindingError,
  type Outcome,
  type SentOutcome,
} from './finding.ts';
import {
  type PrescriptionAnalyzer,
  SlowAnalysisError,
  UnreadablePrescriptionError,
} from './prescription-analyzer.ts';
import { readingSchema } from './reading-schema.ts';
import { canBeRecorded, tooLarge } from './reading-size.ts';
import { sealReading } from './sealed-reading.ts';
import { type Upload, uploadsOf } from './upload.ts';

/** What the analysis needs. It records nothing: it parses documents of strangers, so it may not write to the log. */
export interface AnalyzeUploadsDependencies extends PageFetching {
  readonly log: Pick<EventLog, 'readCommit'>;
  readonly documents: Pick<DocumentStore, 'get' | 'keep'>;
  readonly analyzer: PrescriptionAnalyzer;
  /** The data keys of dispenses. What was read is encrypted before it leaves the function. */
  readonly keys: Pick<SubjectKeys, 'find'>;
  readonly findings: Findings;
  /** The queue that the messages come from. */
  readonly queue: AnalysisQueue;
  readonly observer: Observer;
}

/** The outcome of a batch. */
export interface AnalyzedUploads {
  readonly response: SQSBatchResponse;
  /** Number of uploads with an analysis. */
  readonly analyzed: number;
  /** Number of uploads that could not be read. A person must read them. */
  readonly unreadable: number;
  /** Number of messages that were sent again, because of a fault that passes. */
  readonly postponed: number;
  readonly correlationIds: readonly string[];
}

/** The name of the automation. */
const consumer = 'prescription-analyzer';

type Counts = Record<'read' | 'failed' | 'postponed', number>;

/**
 * Analyzes the uploads in the queue's messages, one after the other, and sends the finding of each to the recorder.
 *
 * - A document that cannot be read is a finding too, at once.
 * - A dispense that was erased meanwhile has no finding: its message is done.
 * - A fault that passes (the log, the documents, the keys, the model, the findings' queue) is not the document's: the message is sent to its
 *   own queue again, for later, and this delivery succeeds. After the last attempt the finding is that the analysis failed.
 * - If that cannot be sent either, the delivery fails. The queue delivers a message twice at most, so that a document that kills
 *   the function is soon in the failure queue, whose consumer records that its analysis failed.
 *
 * Each step may happen twice: after a crash, the message comes again besides the one that was sent again. The recorder records the
 * first finding of an upload.
 * One message may need most of a Lambda's time, so the event source should deliver one at a time.
 */
export async function analyzeUploads(
  records: readonly SQSRecord[],
  dependencies: AnalyzeUploadsDependencies,
): Promise<AnalyzedUploads> {
  const counts: Counts = { read: 0, failed: 0, postponed: 0 };
  const correlationIds = new Set<string>();
  const failed: string[] = [];
  for (const record of records) {
    try {
      await analyzeOrPostpone(record, { dependencies, counts, correlationIds });
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
    analyzed: counts.read,
    unreadable: counts.failed,
    postponed: counts.postponed,
    correlationIds: [...correlationIds],
  };
}

interface Batch {
  readonly dependencies: AnalyzeUploadsDependencies;
  readonly counts: Counts;
  readonly correlationIds: Set<string>;
}

/** Throws if the message must be delivered again. One that is sent again keeps the trace context in its body. */
async function analyzeOrPostpone(record: SQSRecord, batch: Batch): Promise<void> {
  const { queue, observer } = batch.dependencies;
  const number = attemptOf(record);
  const again = attemptAfter(number);
  const commit = decodeCommit(record.body);
  await stepForMessage(observer, 'analyze', commitCause(commit, consumer), async (traceparent, step) => {
    try {
      const attempt = { isFirst: number === 0, isLast: again === undefined, traceparent, step };
      await analyzeAll(commit, attempt, batch);
    } catch (error) {
      if (again === undefined || !canPass(error)) throw error;
      await queue.sendAgain(record.body, again);
      batch.counts.postponed += 1;
      step.event('retry', again);
      step.fail(faultOf(error));
      observer.warn('An upload could not be analyzed now. It will be analyzed later.', {
        messageId: record.messageId,
        ...again,
        error,
      });
    }
  });
}

/** Which attempt of a message it is. */
interface Attempt {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** The W3C trace context for what it finds. */
  readonly traceparent: string | undefined;
  readonly step: Pick<CausedStep, 'fail'>;
}

const canPass = (error: unknown) => isOutage(error) || error instanceof SlowAnalysisError;

async function analyzeAll(commit: ReceivedCommit, attempt: Attempt, batch: Batch): Promise<void> {
  const { dependencies, counts, correlationIds } = batch;
  for (const upload of await uploadsOf(commit, dependencies.log, 'message')) {
    correlationIds.add(upload.correlationId);
    const outcome = await find(upload, attempt, dependencies);
    if (outcome === 'erased') continue;
    await dependencies.findings.send(messageOf(upload, outcome), attempt.traceparent);
    counts[outcome.type === 'failed' ? 'failed' : 'read'] += 1;
  }
}

/** The outcome of the analysis. Throws for a fault that passes, except at the last attempt. */
async function find(
  upload: Upload,
  attempt: Attempt,
  dependencies: AnalyzeUploadsDependencies,
): Promise<SentOutcome | 'erased'> {
  const { observer } = dependencies;
  const uploadEventId = upload.eventId;
  try {
    return await read(upload, dependencies);
  } catch (error) {
    if (error instanceof UnreadablePrescriptionError) return failing(error.message);
    if (error instanceof DocumentNotFoundError) {
      return failing('The document no longer exists. Upload it again.');
    }
    if (error instanceof SlowAnalysisError && !attempt.isFirst) {
      return failing(
        'The document takes too long to be read. Upload the prescription alone, or enter the drugs by hand.',
      );
    }
    if (!canPass(error)) {
      // A defect: another attempt would meet it again, and a person waits.
      attempt.step.fail(faultOf(error));
      observer.warn('An upload could not be analyzed, because of a fault that does not pass.', {
        uploadEventId,
        ...withoutMessage(error),
      });
      return failing(
        'The document could not be read, because of a fault of the system or of the document. Upload another picture, or enter the drugs by hand.',
      );
    }
    if (!attempt.isLast) throw error;
    attempt.step.fail(faultOf(error));
    observer.warn('The last attempt to analyze an upload failed.', { uploadEventId, error });
    return failing(
      'The document could not be read for half an hour, because a part of the system did not work. Upload it again, or enter the drugs by hand.',
    );
  }
}

/** The reading, sealed. `erased`: the key of the dispense is destroyed, so nothing may be read any more. */
async function read(
  { stream, eventId: uploadEventId, ...upload }: Upload,
  dependencies: AnalyzeUploadsDependencies,
): Promise<SentOutcome | 'erased'> {
  const { keys, analyzer, observer } = dependencies;
  const key = await keys.find(stream);
  if (key === undefined && upload.hasKey) {
    observer.warn('An upload is not analyzed, because its dispense was erased.', { uploadEventId });
    return 'erased';
  }
  const pages = await fetchPages([...upload.earlierKeys, upload.key], dependencies);
  const reading = await analyzer.analyze(pages);
  if (!(readingSchema.safeParse(reading).success && canBeRecorded(reading))) return failing(tooLarge);
  // An upload of an earlier release is in clear in the log, and the dispense may have no key yet.
  if (key === undefined) return { type: 'read', reading };
  return { type: 'sealed', reading: sealReading({ stream, uploadEventId }, reading, key) };
}

/** The message of a finding. One that the recorder would refuse becomes a failed analysis: it is never cut. */
function messageOf({ stream, version, eventId: uploadEventId }: Upload, outcome: SentOutcome): string {
  const encoded = (one: SentOutcome) => encodeFinding({ stream, version, uploadEventId, outcome: one });
  try {
    return encoded(outcome);
  } catch (error) {
    if (!(error instanceof MalformedFindingError)) throw error;
    return encoded(failing(tooLarge));
  }
}

/** What is known of a fault without its message: that may quote the document, and documents are health data. */
function withoutMessage(thrown: unknown): { readonly fault: string; readonly stack: string } {
  const fault = faultOf(thrown);
  if (!(thrown instanceof Error)) return { fault, stack: '' };
  const { message, stack = '' } = thrown;
  const at = stack.indexOf(message);
  return { fault, stack: at === -1 ? '' : stack.slice(at + message.length).trim() };
}

function faultOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown;
}

function failing(reason: string): Outcome {
  return { type: 'failed', reason };
}

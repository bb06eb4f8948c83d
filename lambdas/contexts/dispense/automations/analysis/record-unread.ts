import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { EventLog } from '../../../../kernel/index.ts';
import { decodeCommit } from '../../../../messaging/published-commit.ts';
import { type OutcomeRecording, recordOutcome } from './record-outcome.ts';
import { uploadsOf } from './upload.ts';

/** What recording needs. */
export interface RecordUnreadDependencies extends OutcomeRecording {
  readonly log: Pick<EventLog, 'readCommit'>;
}

/** The outcome of a batch. */
export interface RecordedUnread {
  readonly response: SQSBatchResponse;
  /** Number of uploads whose analysis is recorded as failed. */
  readonly unread: number;
  readonly correlationIds: readonly string[];
}

/** For people. The cause is not known: the function was killed, or could not send what it found. */
const reason = 'The document could not be read. Upload a better picture, or enter the drugs by hand.';

/**
 * Records that the analysis of uploads failed, whose messages the analyzer received twice and never finished: a document used up
 * its time or memory, so that it was killed. The analyzer can send such messages too, so the uploads are read from the log.
 * A message that fails is delivered again, and waits in a failure queue after its last delivery, with an alarm.
 */
export async function recordUnread(
  records: readonly SQSRecord[],
  dependencies: RecordUnreadDependencies,
): Promise<RecordedUnread> {
  const { log, observer } = dependencies;
  const correlationIds: string[] = [];
  const failed: string[] = [];
  for (const { messageId, body } of records) {
    try {
      for (const upload of await uploadsOf(decodeCommit(body), log, 'log')) {
        await recordOutcome(upload, async () => ({ type: 'failed', reason }), dependencies);
        correlationIds.push(upload.correlationId);
        observer.warn('The analyzer did not finish the analysis of an upload in two deliveries.', {
          messageId,
          eventId: upload.eventId,
        });
      }
    } catch (error) {
      failed.push(messageId);
      observer.warn('A failed analysis could not be recorded. Its message will be delivered again.', {
        messageId,
        error,
      });
    }
  }
  return {
    response: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) },
    unread: correlationIds.length,
    correlationIds,
  };
}

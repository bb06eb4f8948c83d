import type { SQSRecord } from 'aws-lambda';
import { type RecordedFindings, type RecordFindingsDependencies, recordFindings } from './record-findings.ts';
import { type RecordedUnread, recordUnread } from './record-unread.ts';

/** What recording needs. */
export interface RecordAnalysesDependencies extends RecordFindingsDependencies {
  /** The ARN of the queue of uploads that the analyzer did not finish. Messages of any other queue are findings. */
  readonly unreadQueueArn: string;
}

/** Records the outcomes in the messages of one batch, which are all of one queue. */
export function recordAnalyses(
  records: readonly SQSRecord[],
  dependencies: RecordAnalysesDependencies,
): Promise<RecordedFindings | RecordedUnread> {
  const { unreadQueueArn } = dependencies;
  const isUnread = records.every(({ eventSourceARN }) => eventSourceARN === unreadQueueArn);
  return isUnread ? recordUnread(records, dependencies) : recordFindings(records, dependencies);
}

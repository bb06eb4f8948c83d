import type { AwsClient } from '../aws-json.ts';

const renewalMs = 10_000;
const visibilityTimeoutSeconds = 60;

/**
 * Keeps messages invisible for as long as a debugger may stop their function. Without it, they would be delivered again, and
 * at last go to the dead-letter queue. After `stop`, they are as after any delivery, visible again after a minute at most.
 */
export function holdMessages(
  sqs: AwsClient,
  QueueUrl: string,
  receiptHandles: readonly string[],
  warn: (line: string) => void,
): { stop(): void } {
  const renew = () =>
    sqs.call('ChangeMessageVisibilityBatch', {
      QueueUrl,
      Entries: receiptHandles.map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: visibilityTimeoutSeconds,
      })),
    });
  const timer = setInterval(() => {
    renew().catch((error) =>
      warn(`Messages may be delivered again while a debugger stops their function: ${error}`),
    );
  }, renewalMs);
  return { stop: () => clearInterval(timer) };
}

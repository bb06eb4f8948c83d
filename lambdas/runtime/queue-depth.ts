import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The approximate number of messages in a queue. Needs `sqs:GetQueueAttributes`. */
export async function queueDepth(
  client: SQSClient,
  queueUrl: string,
): Promise<{ readonly waiting: number; readonly inProgress: number }> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
    inProgress: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
  };
}

import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';

/**
 * The approximate number of messages in a queue. Those with a delay that is not over are in progress: a consumer has put them off. Needs
 * `sqs:GetQueueAttributes`.
 */
export async function queueDepth(
  client: SQSClient,
  queueUrl: string,
): Promise<{ readonly waiting: number; readonly inProgress: number }> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  const numberOf = (name: QueueAttributeName) => Number(Attributes[name] ?? 0);
  return {
    waiting: numberOf('ApproximateNumberOfMessages'),
    inProgress:
      numberOf('ApproximateNumberOfMessagesNotVisible') + numberOf('ApproximateNumberOfMessagesDelayed'),
  };
}

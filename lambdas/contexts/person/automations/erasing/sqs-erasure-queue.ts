import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { traceAttributes } from '../../../../messaging/message-trace.ts';
import type { ErasureMessage, ErasureQueue } from './erasure-message.ts';

/** The queue of erasures, in SQS. Needs `sqs:SendMessage`. */
export class SqsErasureQueue implements ErasureQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(message: ErasureMessage, delaySeconds = 0, traceparent?: string): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: JSON.stringify(message),
        DelaySeconds: delaySeconds,
        ...traceAttributes(traceparent),
      }),
    );
  }
}

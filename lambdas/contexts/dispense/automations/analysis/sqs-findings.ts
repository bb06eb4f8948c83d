import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { traceAttributes } from '../../../../messaging/message-trace.ts';
import type { Findings } from './finding.ts';

/** Sends findings to a queue. Needs `sqs:SendMessage`. */
export class SqsFindings implements Findings {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(message: string, traceparent?: string): Promise<void> {
    const sent = { QueueUrl: this.#queueUrl, MessageBody: message, ...traceAttributes(traceparent) };
    await this.#client.send(new SendMessageCommand(sent));
  }
}

import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Findings } from './finding.ts';

/** Sends findings to a queue. Needs `sqs:SendMessage`. */
export class SqsFindings implements Findings {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(message: string): Promise<void> {
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: message }));
  }
}

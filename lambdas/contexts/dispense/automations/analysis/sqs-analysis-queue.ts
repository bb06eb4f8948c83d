import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type AnalysisQueue, attemptAttribute } from './analysis-queue.ts';

/** The queue of uploads, in SQS. Needs `sqs:SendMessage`. */
export class SqsAnalysisQueue implements AnalysisQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async sendAgain(
    body: string,
    { attempt, delaySeconds }: { readonly attempt: number; readonly delaySeconds: number },
  ): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: this.#queueUrl,
      MessageBody: body,
      DelaySeconds: delaySeconds,
      MessageAttributes: { [attemptAttribute]: { DataType: 'Number', StringValue: String(attempt) } },
    });
    await this.#client.send(command);
  }
}

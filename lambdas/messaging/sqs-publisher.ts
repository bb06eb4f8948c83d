import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Commit, CommitPublisher, Effects, Refused, SendResult } from '../kernel/index.ts';
import { encodeCommit } from './published-commit.ts';
import { type Message, sendInCalls } from './send-in-calls.ts';

/** What one SendMessageBatch call accepts: 10 messages, and 256 KiB in total. */
const limits = { maxParts: 10, maxBytes: 256 * 1024 };
/** A commit whose published form is larger is sent without its events: consumers read them from the log. */
const messageMaxBytes = 200_000;

interface QueueMessage extends Message {
  readonly body: string;
}

/** Sends commits to a queue, one message per commit. Needs `sqs:SendMessage`. */
export class SqsPublisher implements CommitPublisher {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #effects: Pick<Effects, 'delay' | 'random'>;

  constructor(client: SQSClient, queueUrl: string, effects: Pick<Effects, 'delay' | 'random'>) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#effects = effects;
  }

  /** Sends commits. SQS may refuse some messages of a call: only those are sent again. */
  publish(commits: readonly Commit[]): Promise<SendResult> {
    return sendInCalls(commits.map(toMessage), {
      limits,
      // The client limits them by its number of sockets.
      maxConcurrentCalls: Number.POSITIVE_INFINITY,
      send: (messages) => this.#send(messages),
      effects: this.#effects,
    });
  }

  /** Makes one call. Returns the refused messages and the last reason. */
  async #send(messages: readonly QueueMessage[]): Promise<Refused<QueueMessage>> {
    const { Successful = [], Failed = [] } = await this.#client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.#queueUrl,
        Entries: messages.map(({ body }, index) => ({ Id: String(index), MessageBody: body })),
      }),
    );
    const accepted = new Set(Successful.map(({ Id }) => Id));
    const refused = messages.filter((_, index) => !accepted.has(String(index)));
    return { refused, error: Failed.map(({ Code, Message: text }) => `${Code}: ${text}`).at(-1) };
  }
}

function toMessage(commit: Commit): QueueMessage {
  const body = encodeCommit(commit, messageMaxBytes);
  // The form is ASCII.
  return { commit, body, bytes: body.length };
}

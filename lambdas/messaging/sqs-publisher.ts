import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import {
  type Commit,
  type CommitPublisher,
  type Effects,
  ownTraceparent,
  type SendResult,
  validTraceparent,
} from '../kernel/index.ts';
import { traceAttributes, traceAttributesMaxBytes } from './message-trace.ts';
import { encodeCommit } from './published-commit.ts';
import { type CallResult, joined, type Message, notAccepted, sendInCalls } from './send-in-calls.ts';

/** What one SendMessageBatch call accepts: 10 messages, and 256 KiB in total. */
const limits = { maxParts: 10, maxBytes: 256 * 1024 };
/** A commit whose published form is larger is sent without its events: consumers read them from the log. */
const messageMaxBytes = 200_000;

interface QueueMessage extends Message {
  readonly entry: Omit<SendMessageBatchRequestEntry, 'Id'>;
}

/** Sends commits to a queue, one message per commit. Needs `sqs:SendMessage`. */
export class SqsPublisher implements CommitPublisher {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #effects: Pick<Effects, 'now' | 'delay' | 'random'>;
  readonly #bodyOf: ((commit: Commit) => string) | undefined;

  /**
   * `bodyOf`: the message of a commit, in ASCII; its trace context is the attribute `traceparent` then. Default: the commit's published form,
   * which contains it.
   */
  constructor(
    client: SQSClient,
    queueUrl: string,
    effects: Pick<Effects, 'now' | 'delay' | 'random'>,
    bodyOf?: (commit: Commit) => string,
  ) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#effects = effects;
    this.#bodyOf = bodyOf;
  }

  /** Sends commits. SQS may refuse some messages of a call: only those are sent again. */
  async publish(
    commits: readonly Commit[],
    maxAttempts: number,
    traceparentOf = ownTraceparent,
  ): Promise<SendResult> {
    const messages = commits.map((commit) => this.#messageOf(commit, traceparentOf(commit)));
    const result = await sendInCalls(messages, {
      limits,
      maxAttempts,
      // The client limits them by its number of sockets.
      maxConcurrentCalls: Number.POSITIVE_INFINITY,
      send: (messages) => this.#send(messages),
      effects: this.#effects,
    });
    return { ...result, positions: [] };
  }

  #messageOf(commit: Commit, traceparent: string | undefined): QueueMessage {
    if (this.#bodyOf === undefined) {
      const body = encodeCommit(commit, messageMaxBytes, traceparent);
      return { commit, entry: { MessageBody: body }, bytes: body.length };
    }
    const body = this.#bodyOf(commit);
    const entry = { MessageBody: body, ...traceAttributes(validTraceparent(traceparent)) };
    return { commit, entry, bytes: body.length + traceAttributesMaxBytes };
  }

  /** Makes one call. A message that is in no list of the answer counts as deferred. */
  async #send(messages: readonly QueueMessage[]): Promise<CallResult<QueueMessage>> {
    const { Successful = [], Failed = [] } = await this.#client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.#queueUrl,
        Entries: messages.map(({ entry }, index) => ({ Id: String(index), ...entry })),
      }),
    );
    const accepted = new Set(Successful.map(({ Id }) => Id));
    const failed = new Map(Failed.map((entry) => [entry.Id, entry]));
    const others = [...messages.entries()].filter(([index]) => !accepted.has(String(index)));
    return joined(
      others.map(([index, message]) => {
        const entry = failed.get(String(index));
        return notAccepted(message, entry?.Code, entry?.SenderFault);
      }),
    );
  }
}

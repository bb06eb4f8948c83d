import { setTimeout as delay } from 'node:timers/promises';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Commit } from '../kernel/index.ts';
import { chunks } from './chunks.ts';
import { encodeCommit } from './published-commit.ts';

/** What one SendMessageBatch call takes: 10 messages, 256 KiB of them together. */
const sendMaxMessages = 10;
const sendMaxBytes = 256 * 1024;
/** A commit whose published form is larger is announced without its events: consumers read them from the log. */
const messageMaxBytes = 200_000;
/** Refused messages are sent again so often, after a random wait that doubles from this bound. */
const maxTries = 6;
const firstWaitMs = 50;

export interface SendResult {
  /** The commits that the queue did not take, in the order they came in. */
  readonly failed: readonly Commit[];
  /** What the last call that failed as a whole said, or SQS of the last message it refused. */
  readonly error: unknown;
}

interface Message {
  readonly commit: Commit;
  readonly body: string;
  readonly bytes: number;
}

/** Sends commits to a queue, one message a commit. Needs `sqs:SendMessage`. */
export class SqsPublisher {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  /**
   * Sends commits; SQS may take some and refuse others, of which just the refused are tried again. A call that fails
   * as a whole counts as all refused. Consumers may get a message twice, and in any order.
   */
  async publish(commits: readonly Commit[]): Promise<SendResult> {
    let rest = commits.map(toMessage);
    let error: unknown;
    for (let tries = 1; rest.length > 0 && tries <= maxTries; tries += 1) {
      if (tries > 1) await delay(Math.random() * firstWaitMs * 2 ** tries);
      // All calls at once: the client's number of sockets bounds how many are under way.
      const answers = await Promise.all(
        chunks(rest, sendMaxMessages, sendMaxBytes).map((chunk) => this.#send(chunk)),
      );
      rest = answers.flatMap(({ refused }) => refused);
      error = answers.findLast(({ reason }) => reason !== undefined)?.reason ?? error;
    }
    return { failed: rest.map(({ commit }) => commit), error };
  }

  /** Sends one call; answers the messages that were refused, and why. */
  async #send(messages: readonly Message[]): Promise<{ refused: readonly Message[]; reason?: unknown }> {
    try {
      const { Successful = [], Failed = [] } = await this.#client.send(
        new SendMessageBatchCommand({
          QueueUrl: this.#queueUrl,
          Entries: messages.map(({ body }, index) => ({ Id: String(index), MessageBody: body })),
        }),
      );
      const taken = new Set(Successful.map(({ Id }) => Id));
      const refused = messages.filter((_, index) => !taken.has(String(index)));
      return { refused, reason: Failed.map(({ Code, Message: text }) => `${Code}: ${text}`).at(-1) };
    } catch (thrown) {
      return { refused: messages, reason: thrown };
    }
  }
}

function toMessage(commit: Commit): Message {
  const body = encodeCommit(commit, messageMaxBytes).replace(/[\uFFFE\uFFFF]/g, escaped);
  return { commit, body, bytes: Buffer.byteLength(body) };
}

/** SQS takes no noncharacters; in JSON they can only be inside a text, where an escape says the same. */
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

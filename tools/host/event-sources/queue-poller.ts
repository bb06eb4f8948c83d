import { createHash } from 'node:crypto';
import { type AwsClient, region } from '../aws-json.ts';
import { messageOf } from '../user-error.ts';
import { backoffMs, pause } from './backoff.ts';
import { holdMessages } from './held-messages.ts';
import type { EventSourceMapping } from './mapping.ts';
import { invokeWithBatch } from './outcome.ts';
import { queueUrl } from './queues.ts';
import type { WakeSignal } from './wake-signal.ts';

const shortestPollMs = 20;
const longestPollMs = 200;
const longestErrorPauseMs = 5_000;

interface Message {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, { DataType: string; StringValue?: string }>;
}

export interface QueuePollerOptions {
  sqs: AwsClient;
  mapping: EventSourceMapping;
  wakeSignal: WakeSignal;
  signal: AbortSignal;
  warn: (line: string) => void;
}

/**
 * Feeds the messages of a queue to a function until the signal aborts. Messages that succeed are deleted. Messages
 * that fail become visible again after the queue's timeout. After the last receive, the queue moves them to its
 * dead-letter queue.
 */
export async function pollQueue(options: QueuePollerOptions): Promise<void> {
  const loops = Array.from({ length: options.mapping.maximumConcurrency }, () => pollInTurn(options));
  await Promise.all(loops);
}

async function pollInTurn(options: QueuePollerOptions): Promise<void> {
  const { mapping, wakeSignal, signal, warn } = options;
  for (let idle = 0, errors = 0; !signal.aborted; ) {
    try {
      const messages = await receive(options);
      if (messages.length > 0) await handle(options, messages);
      errors = 0;
      idle = messages.length > 0 ? 0 : idle + 1;
      if (idle > 0) await wakeSignal.wait(backoffMs(idle, shortestPollMs, longestPollMs), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (++errors === 2) warn(`Reading ${mapping.sourceArn} fails: ${messageOf(error)}`);
      await pause(backoffMs(errors, longestPollMs, longestErrorPauseMs), signal);
    }
  }
}

/** Receives at most one batch of the messages that are available now. */
async function receive({ sqs, mapping }: QueuePollerOptions): Promise<Message[]> {
  const { Messages = [] } = await sqs.call<{ Messages?: Message[] }>('ReceiveMessage', {
    QueueUrl: queueUrl(mapping.sourceArn),
    MaxNumberOfMessages: mapping.batchSize,
    AttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return Messages;
}

async function handle(options: QueuePollerOptions, messages: Message[]): Promise<void> {
  const { sqs, mapping } = options;
  const event = { Records: messages.map((message) => eventRecord(message, mapping.sourceArn)) };
  const ids = new Set(messages.map(({ MessageId }) => MessageId));
  const queue = mapping.sourceArn.split(':').at(-1);
  const held = hold(options, messages);
  const outcome = await invokeWithBatch(
    mapping.target,
    event,
    ids,
    `${messages.length} messages of ${queue}`,
  ).finally(() => held?.stop());
  if (outcome.kind === 'failed' || outcome.kind === 'throttled') return;
  const failed = outcome.kind === 'partial' ? outcome.failedItems : new Set();
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId));
  if (done.length === 0) return;
  await sqs.call('DeleteMessageBatch', {
    QueueUrl: queueUrl(mapping.sourceArn),
    Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
  });
}

function hold({ sqs, mapping, warn }: QueuePollerOptions, messages: readonly Message[]) {
  if (mapping.target.configuration.isInspected !== true) return undefined;
  const handles = messages.map(({ ReceiptHandle }) => ReceiptHandle);
  return holdMessages(sqs, queueUrl(mapping.sourceArn), handles, warn);
}

function eventRecord(message: Message, eventSourceARN: string): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue, stringListValues: [], binaryListValues: [] },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? createHash('md5').update(message.Body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: region,
  };
}

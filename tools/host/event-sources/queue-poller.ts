import { createHash } from 'node:crypto';
import { type AwsClient, region } from '../aws-json.ts';
import { messageOf } from '../user-error.ts';
import { backoffMs, pause } from './backoff.ts';
import { matchesPattern } from './filter.ts';
import type { EventSourceMapping } from './mapping.ts';
import { type BatchOutcome, invokeWithBatch } from './outcome.ts';
import type { WakeSignal } from './wake-signal.ts';

const messagesPerReceive = 10;
const shortestPollMs = 20;
const longestPollMs = 200;
const longestErrorPauseMs = 5_000;

interface Message {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, MessageAttribute>;
}

interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: string;
}

export interface QueuePollerOptions {
  sqs: AwsClient;
  mapping: EventSourceMapping;
  wakeSignal: WakeSignal;
  signal: AbortSignal;
  warn: (line: string) => void;
}

/**
 * Feeds the messages of a queue to a function until the signal aborts. What is done gets deleted; what failed becomes
 * visible again after the queue's timeout, and the queue itself moves it on after its last receive.
 */
export async function pollQueue(options: QueuePollerOptions): Promise<void> {
  const loops = Array.from({ length: options.mapping.maximumConcurrency }, () => pollInTurn(options));
  await Promise.all(loops);
}

async function pollInTurn(options: QueuePollerOptions): Promise<void> {
  const { sqs, mapping, wakeSignal, signal, warn } = options;
  const QueueName = mapping.sourceArn.split(':').at(-1);
  let QueueUrl: string | undefined;
  for (let idle = 0, errors = 0; !signal.aborted; ) {
    try {
      QueueUrl ??= (await sqs.call<{ QueueUrl: string }>('GetQueueUrl', { QueueName })).QueueUrl;
      const messages = await receive(options, QueueUrl);
      if (messages.length > 0) await handle(options, QueueUrl, messages);
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

/** Up to a batch of messages: what is there, or what comes within the batching window after the first. */
async function receive(options: QueuePollerOptions, QueueUrl: string): Promise<Message[]> {
  const { sqs, mapping, signal } = options;
  const received: Message[] = [];
  let deadlineMs = Number.POSITIVE_INFINITY;
  while (received.length < mapping.batchSize && !signal.aborted) {
    const { Messages = [] } = await sqs.call<{ Messages?: Message[] }>('ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: Math.min(messagesPerReceive, mapping.batchSize - received.length),
      AttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    received.push(...Messages);
    if (received.length === 0) return [];
    deadlineMs = Math.min(deadlineMs, Date.now() + mapping.batchingWindowMs);
    if (Date.now() >= deadlineMs) break;
    if (Messages.length === 0) await pause(longestPollMs, signal);
  }
  return received;
}

async function handle(options: QueuePollerOptions, QueueUrl: string, received: Message[]): Promise<void> {
  const { mapping, warn } = options;
  const wanted = received.filter((message) => isWanted(message, mapping));
  // As on AWS, what no filter lets through is gone.
  await remove(
    options,
    QueueUrl,
    received.filter((message) => !wanted.includes(message)),
  );
  if (wanted.length === 0) return;
  const event = { Records: wanted.map((message) => eventRecord(message, mapping.sourceArn)) };
  const outcome = await invokeWithBatch(mapping, event, new Set(wanted.map(({ MessageId }) => MessageId)));
  if (outcome.kind === 'failed') {
    const { name } = mapping.target.configuration;
    warn(`${name} failed on ${wanted.length} messages: ${outcome.result.payload.slice(0, 300)}`);
  }
  await remove(
    options,
    QueueUrl,
    wanted.filter((message) => isDone(message, outcome)),
  );
}

function isDone({ MessageId }: Message, outcome: BatchOutcome): boolean {
  if (outcome.kind === 'partial') return !outcome.failedItems.has(MessageId);
  return outcome.kind === 'done';
}

function isWanted({ Body }: Message, { filters }: EventSourceMapping): boolean {
  if (filters.length === 0) return true;
  let body: unknown = Body;
  try {
    body = JSON.parse(Body);
  } catch {
    // Text that is not JSON is matched as text.
  }
  return filters.some((pattern) => matchesPattern(pattern, { body }));
}

async function remove({ sqs }: QueuePollerOptions, QueueUrl: string, messages: Message[]): Promise<void> {
  for (let start = 0; start < messages.length; start += messagesPerReceive) {
    const Entries = messages
      .slice(start, start + messagesPerReceive)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.call('DeleteMessageBatch', { QueueUrl, Entries });
  }
}

function eventRecord(message: Message, eventSourceARN: string): object {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
    name,
    {
      dataType: attribute.DataType,
      ...(attribute.StringValue !== undefined && { stringValue: attribute.StringValue }),
      ...(attribute.BinaryValue !== undefined && { binaryValue: attribute.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
    },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody ?? createHash('md5').update(message.Body).digest('hex'),
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: region,
  };
}

import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Cause, StreamName } from '../../../../kernel/index.ts';
import { commitCause, stepForMessage, traceparentOfMessage } from '../../../../messaging/message-trace.ts';
import { erasePerson, eraser, eraseUnlessHeld, type PersonErasing, requestOf } from './erase-person.ts';
import { eraseAgain } from './erase-stream.ts';
import {
  decodeErasure,
  type ErasureMessage,
  erasuresInTrace,
  type ReceivedErasure,
} from './erasure-message.ts';
import { personsOf } from './persons-of-stream.ts';
import { eraseEnded } from './retention.ts';

/** The outcome of a batch. */
export interface HandledErasures {
  readonly response: SQSBatchResponse;
  /** Number of messages that were done. */
  readonly done: number;
  /** Number of persons whose erasure continues in another invocation. */
  readonly unfinished: number;
  /** Number of streams that are kept because of a legal hold. */
  readonly held: number;
}

type Outcome = 'done' | 'unfinished' | 'held';

/**
 * Handles the messages of the queue of erasures, one after the other. One that fails is delivered again, and waits in the failure queue
 * after its last delivery, with an alarm.
 */
export async function handleErasures(
  records: readonly SQSRecord[],
  erasing: PersonErasing,
): Promise<HandledErasures> {
  const counts: Record<Outcome, number> = { done: 0, unfinished: 0, held: 0 };
  const failed: string[] = [];
  for (const record of records) {
    try {
      counts[await handleRecord(record, erasing)] += 1;
    } catch (error) {
      const { messageId } = record;
      failed.push(messageId);
      erasing.observer.warn('An erasure is not done. Its message will be delivered again.', {
        messageId,
        error,
      });
    }
  }
  return { response: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }, ...counts };
}

/** Handles a message in its trace. What it commits and sends is of that trace too. */
async function handleRecord(record: SQSRecord, erasing: PersonErasing): Promise<Outcome> {
  const received = decodeErasure(record.body);
  if (received === undefined) return 'done';
  const cause = causeOf(received, record);
  return stepForMessage(erasing.observer, 'erase', cause, (traceparent) => {
    const queue = erasuresInTrace(erasing.queue, traceparent);
    return handle(received.message, { ...erasing, queue, traceparent });
  });
}

function causeOf({ message, commit }: ReceivedErasure, record: SQSRecord): Cause {
  if (commit !== undefined) return commitCause(commit, eraser);
  const stream = message.type === 'person' ? message.person : message.stream;
  return { traceparent: traceparentOfMessage(record), details: { stream, consumer: eraser } };
}

async function handle(message: ErasureMessage, erasing: PersonErasing): Promise<Outcome> {
  switch (message.type) {
    case 'person': {
      const outcome = await erasePerson(message.person, erasing);
      // The next invocation continues. A crash here sends the first message again, which does the same.
      if (outcome === 'unfinished') await erasing.queue.send(message);
      return outcome;
    }
    case 'late-stream':
      await eraseLate(message.stream, message.person, erasing);
      return 'done';
    case 'retention-ended':
      return eraseEnded(message.stream, erasing);
    case 'again':
      await eraseAgain(message.stream, erasing);
      return 'done';
  }
}

/**
 * Erases a stream that names a person whose erasure had begun, for the same reason. A stream that was corrected meanwhile, and names
 * somebody else, stays.
 */
async function eraseLate(stream: StreamName, ofPerson: StreamName, erasing: PersonErasing): Promise<void> {
  const request = await requestOf(ofPerson, erasing);
  if (request === undefined) throw new Error(`Nobody has requested the erasure of ${ofPerson}.`);
  const persons = await personsOf(stream, erasing);
  // One that an earlier delivery has begun to erase names nobody any more.
  if (persons.length > 0 && !persons.includes(ofPerson)) return;
  await eraseUnlessHeld(stream, ofPerson, request, erasing);
}

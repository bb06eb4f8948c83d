import * as z from 'zod';
import {
  categoryOfStream,
  type ReceivedCommit,
  type StreamName,
  streamPattern,
} from '../../../../kernel/index.ts';
import { decodeCommit } from '../../../../messaging/published-commit.ts';
import { person } from '../../domain/person.ts';

const stream = z.custom<StreamName>((value) => typeof value === 'string' && streamPattern.test(value));
const personStream = stream.refine((name) => categoryOfStream(name) === person.category);

/** The forms of messages in the queue of erasures, besides published commits. */
const messageSchema = z.discriminatedUnion('type', [
  /** Erase a person, as the person's stream says. */
  z.strictObject({ type: z.literal('person'), person: personStream }),
  /** Erase a stream that names a person who is erased. */
  z.strictObject({ type: z.literal('late-stream'), stream, person: personStream }),
  /** Erase a stream whose retention has ended. */
  z.strictObject({ type: z.literal('retention-ended'), stream }),
  /** Repeat the erasure of an erased stream: documents were being copied meanwhile, or a restore of tables brought keys back. */
  z.strictObject({ type: z.literal('again'), stream }),
]);

export type ErasureMessage = z.output<typeof messageSchema>;

/** The queue of erasures. */
export interface ErasureQueue {
  /** Sends a message. It may arrive twice. `delaySeconds`: 0 to 900, default 0. `traceparent`: its W3C trace context. Default: none. */
  send(message: ErasureMessage, delaySeconds?: number, traceparent?: string): Promise<void>;
}

/** The queue, for messages that are sent in a trace. Undefined: in none. */
export function erasuresInTrace(
  queue: Pick<ErasureQueue, 'send'>,
  traceparent: string | undefined,
): ErasureQueue {
  return { send: (message, delaySeconds) => queue.send(message, delaySeconds, traceparent) };
}

/** What a message asks for, and the commit of the person that says so. Own messages have none. */
export interface ReceivedErasure {
  readonly message: ErasureMessage;
  readonly commit?: ReceivedCommit;
}

/** The body is no message of the queue. The error does not quote it. */
export class MalformedErasureError extends Error {
  override readonly name = 'MalformedErasureError';
}

/**
 * What the body of a message asks for. The publisher sends commits of persons. Undefined: a commit of another category; one that the publisher cannot
 * read goes to all queues. Throws {@link MalformedErasureError}, and `MalformedRecordError` for a damaged commit.
 */
export function decodeErasure(body: string): ReceivedErasure | undefined {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || !('type' in value)) {
    const commit = decodeCommit(body);
    if (categoryOfStream(commit.stream) !== person.category) return undefined;
    return { message: { type: 'person', person: commit.stream }, commit };
  }
  const message = messageSchema.safeParse(value);
  if (message.success) return { message: message.data };
  const fields = message.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new MalformedErasureError(`The message is no erasure. Wrong: ${fields}.`);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new MalformedErasureError('The message is not JSON.');
  }
}

import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import {
  type Cause,
  categoryOfStream,
  type EventLog,
  isEnvelope,
  type Observer,
  type Personal,
  recordedEvents,
  type StreamName,
  type SubjectKey,
  type SubjectKeys,
  streamPattern,
  tenantKeyName,
  tenantOfStream,
} from '../../../../kernel/index.ts';
import { commitCause, stepForMessage } from '../../../../messaging/message-trace.ts';
import { decodeCommit } from '../../../../messaging/published-commit.ts';
import type { PersonEntry, PersonLinks } from '../../../person-index.ts';
import { personEntry } from '../../../person-search.ts';
import type { LinkedPerson, SubjectCategory } from '../../../subject-category.ts';
import { type ErasureQueue, erasuresInTrace } from '../erasing/erasure-message.ts';
import { personStream } from '../erasing/person-stream.ts';

/** What indexing needs. */
export interface IndexingDependencies {
  readonly log: Pick<EventLog, 'read'>;
  readonly categories: readonly Pick<SubjectCategory, 'category' | 'personIn'>[];
  readonly keys: Pick<SubjectKeys, 'find' | 'create'>;
  readonly links: PersonLinks;
  /** Gets the streams that name a person who is erased. */
  readonly erasures: ErasureQueue;
  readonly observer: Pick<Observer, 'warn' | 'stepFor'>;
}

/** The outcome of a batch. */
export interface IndexedPersons {
  readonly response: SQSBatchResponse;
  /** Number of streams that are linked to a person. */
  readonly linked: number;
  /** Number of streams that are erased, or name nobody. */
  readonly without: number;
  /** Number of streams that are sent to the eraser. */
  readonly late: number;
}

/** The name of the automation. */
const consumer = 'person-indexer';

type Outcome = 'linked' | 'without' | 'late';

/**
 * Links the streams in the messages of a batch to their persons. A message says only which stream: all its events are read from the log, so
 * old and repeated messages do no harm. One that fails is delivered again, and waits in the failure queue after its last delivery.
 */
export async function indexPersons(
  records: readonly SQSRecord[],
  dependencies: IndexingDependencies,
): Promise<IndexedPersons> {
  const counts: Record<Outcome, number> = { linked: 0, without: 0, late: 0 };
  const failed: string[] = [];
  for (const { messageId, body } of records) {
    try {
      counts[await indexInTrace(namedIn(body), dependencies)] += 1;
    } catch (error) {
      failed.push(messageId);
      dependencies.observer.warn('A person is not indexed. The message will be delivered again.', {
        messageId,
        error,
      });
    }
  }
  return { response: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) }, ...counts };
}

/** The stream that a message names, and why. */
interface NamedStream {
  readonly stream: StreamName;
  readonly cause: Cause;
}

/** A published commit, or what an operator sends: `{"stream": "dispense/7f3c"}`. */
function namedIn(body: string): NamedStream {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || !('stream' in value)) {
    const commit = decodeCommit(body);
    return { stream: commit.stream, cause: commitCause(commit, consumer) };
  }
  const { stream } = value;
  if (typeof stream !== 'string' || !streamPattern.test(stream))
    throw new Error('The message names no stream.');
  return { stream: stream as StreamName, cause: { details: { stream, consumer } } };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Without the cause: it quotes the message.
    throw new Error('The message is not JSON.');
  }
}

function indexInTrace({ stream, cause }: NamedStream, dependencies: IndexingDependencies): Promise<Outcome> {
  return stepForMessage(dependencies.observer, 'index', cause, (traceparent) => {
    const erasures = erasuresInTrace(dependencies.erasures, traceparent);
    return indexStream(stream, { ...dependencies, erasures });
  });
}

async function indexStream(stream: StreamName, dependencies: IndexingDependencies): Promise<Outcome> {
  const { categories, links, log, erasures } = dependencies;
  // A commit that the publisher cannot read goes to all queues.
  const category = categories.find((one) => one.category === categoryOfStream(stream));
  if (category === undefined) return 'without';
  const events = (await Array.fromAsync(log.read(stream))).flat().flatMap(recordedEvents);
  const named = category.personIn(events);
  if (named === undefined) return 'without';
  const entry = await entryOf(stream, named, dependencies);
  if (entry === 'erased') return 'without';
  const tenant = tenantOfStream(stream);
  const { personId, version } = named;
  const linked = await links.link({
    tenant,
    personId,
    stream,
    version,
    ...(entry !== undefined && { entry }),
  });
  if (linked.outcome === 'gone') return 'without';
  if (linked.outcome === 'linked') return 'linked';
  await erasures.send({ type: 'late-stream', stream, person: personStream(tenant, linked.personId) });
  return 'late';
}

/** What finds the person. Undefined: nothing. `erased`: the key of the stream is destroyed. */
async function entryOf(
  stream: StreamName,
  { identifier, birthDate }: LinkedPerson,
  { keys }: IndexingDependencies,
): Promise<PersonEntry | 'erased' | undefined> {
  if (identifier === undefined) return undefined;
  const key = [identifier, birthDate].some(isEnvelope) ? await keys.find(stream) : undefined;
  const [plainIdentifier, plainBirthDate] = [identifier, birthDate].map((value) =>
    opened(stream, value, key),
  );
  if (plainIdentifier === undefined || plainBirthDate === undefined) return 'erased';
  const tenant = tenantOfStream(stream);
  const searchKey = await keys.create(tenantKeyName(tenant));
  return personEntry(searchKey, tenant, { identifier: plainIdentifier, birthDate: plainBirthDate });
}

/** The plain text. Values of before are plain already. Undefined: the key is destroyed. */
function opened(
  stream: StreamName,
  value: Personal<string>,
  key: SubjectKey | undefined,
): string | undefined {
  const plain = isEnvelope(value) ? key?.decrypt(stream, value) : value;
  if (plain === undefined || typeof plain === 'string') return plain;
  throw new Error(`A field of ${stream} is no text.`);
}

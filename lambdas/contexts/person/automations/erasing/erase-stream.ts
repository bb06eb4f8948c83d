import {
  categoryOfStream,
  type EventLog,
  forEachConcurrently,
  type RecordedEvent,
  recordedEvents,
  type StreamName,
  type SubjectKeyDestroyer,
} from '../../../../kernel/index.ts';
import type { PersonRemoval } from '../../../person-index.ts';
import type { Erasure, SubjectCategory } from '../../../subject-category.ts';
import type { DocumentEraser } from './document-eraser.ts';
import type { ErasureQueue } from './erasure-message.ts';

/** Documents of one stream that are deleted at the same time. */
const documentsMaxConcurrent = 8;

/**
 * More than the time in which a function can still copy a document: none runs longer than a minute. Less than the age of a message, also of
 * one that is delayed, at which the queue counts as behind: ten minutes. Otherwise every erasure would set off that alarm.
 */
const lateCopiesAfterSeconds = 300;

/** What erasing a stream needs. */
export interface StreamErasing {
  readonly log: Pick<EventLog, 'read'>;
  readonly categories: readonly SubjectCategory[];
  readonly documents: DocumentEraser;
  readonly keys: Pick<SubjectKeyDestroyer, 'destroy'>;
  readonly persons: PersonRemoval;
  readonly queue: ErasureQueue;
  /** The current instant, ISO 8601, UTC, ms. */
  readonly now: () => string;
  /** The W3C trace context for commits. Default: none. */
  readonly traceparent?: string | undefined;
}

/**
 * Erases the data of one subject. Each step is harmless if repeated, so a run that stops anywhere is repeated as a whole.
 *
 * 1. The event of the erasure: from then on nothing is added to the stream.
 * 2. All versions of its documents.
 * 3. Its key: after the time of the caches, nobody can read its fields. Snapshots, segments, rows and published commits hold
 *    ciphertext only, so there is nothing to do for them.
 * 4. A later look for documents that were being copied.
 * 5. Its link to a person. It is the last, because the person's erasure finds the stream by it.
 */
export async function eraseStream(
  stream: StreamName,
  erasure: Erasure,
  { keys, persons, queue, now, traceparent, ...rest }: StreamErasing,
): Promise<void> {
  const category = categoryOf(stream, rest);
  await category.erase(stream, { ...erasure, traceparent }, now());
  const events = await eventsOf(stream, rest.log);
  const documents = category.documentsIn(events);
  await eraseDocuments(documents, rest);
  await keys.destroy(stream);
  // Only its key was created. It can still be started, and must then be linked like any other.
  if (events.length === 0) return;
  if (documents.length > 0) await queue.send({ type: 'again', stream }, lateCopiesAfterSeconds);
  await persons.unlink(stream);
}

/** Does the same once more to a stream whose log says that it is erased. False: it is not erased, and stays as it is. */
export async function eraseAgain(stream: StreamName, erasing: StreamErasing): Promise<boolean> {
  const category = categoryOf(stream, erasing);
  const events = await eventsOf(stream, erasing.log);
  if (!category.isErased(events)) return false;
  await eraseDocuments(category.documentsIn(events), erasing);
  await erasing.keys.destroy(stream);
  await erasing.persons.unlink(stream);
  return true;
}

async function eraseDocuments(
  keys: readonly string[],
  { documents }: Pick<StreamErasing, 'documents'>,
): Promise<void> {
  await forEachConcurrently(keys, documentsMaxConcurrent, (key) => documents.erase(key));
}

/** All events of a stream, as they are stored. */
export async function eventsOf(
  stream: StreamName,
  log: Pick<EventLog, 'read'>,
): Promise<readonly RecordedEvent[]> {
  return (await Array.fromAsync(log.read(stream))).flat().flatMap(recordedEvents);
}

/** The category of a stream. Throws if its streams are no data subjects. */
export function categoryOf(
  stream: StreamName,
  { categories }: Pick<StreamErasing, 'categories'>,
): SubjectCategory {
  const found = categories.find(({ category }) => category === categoryOfStream(stream));
  if (found === undefined) throw new Error(`The stream ${stream} has no data of a person.`);
  return found;
}

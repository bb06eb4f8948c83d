import { v5 as uuidv5 } from 'uuid';
import {
  type Bookmarks,
  forEachConcurrently,
  type StreamName,
  type SubjectKeyDestroyer,
  streamPattern,
} from '../../../../kernel/index.ts';
import type { LegalGround } from '../../domain/events.ts';
import type { PersonErasing } from './erase-person.ts';
import { eraseStream } from './erase-stream.ts';
import type { ErasureQueue } from './erasure-message.ts';
import { isHeld } from './persons-of-stream.ts';

/** Namespace of the ids of erasures whose retention has ended (RFC 9562, UUIDv5). */
const retentionNamespace = '9a0f2a1e-6a0c-4a35-8a3e-51b7f1f0c7d2';

/** Maximum number of streams of one run, rounded up to a page. The next run continues there. */
export const retentionMaxStreams = 1_000;

/** Messages that are sent at the same time. */
const sendsMaxConcurrent = 10;
const dayMs = 24 * 60 * 60 * 1_000;

/** What a run of the retention needs. */
export interface RetentionDependencies {
  readonly keys: Pick<SubjectKeyDestroyer, 'createdBefore'>;
  readonly queue: ErasureQueue;
  /** Where a run continues. */
  readonly bookmarks: Bookmarks;
  readonly hasTime: () => boolean;
}

/**
 * Sends the streams whose key was created more than `days` before `now` to the queue of erasures. The age counts from the creation of
 * the key, whatever happened to the stream since. A run reads the keys from the place where the last one stopped. Keys of tenants are
 * never sent: no stream has such a name.
 */
export function sendEnded(
  { now, days }: { readonly now: string; readonly days: number },
  dependencies: RetentionDependencies,
): Promise<SentStreams> {
  const before = new Date(Date.parse(now) - days * dayMs).toISOString();
  const run = { type: 'retention-ended', before, max: retentionMaxStreams } as const;
  return sendStreams(run, dependencies);
}

/**
 * Sends every stream with a key to the queue, so that the erasure of those that are erased is repeated: the table of keys, or the index of persons,
 * was restored from a backup. If it is not finished, the next run continues there.
 */
export function sendRestored(now: string, dependencies: RetentionDependencies): Promise<SentStreams> {
  return sendStreams({ type: 'again', before: now, max: Number.POSITIVE_INFINITY }, dependencies);
}

/** What a run has sent. `finished`: it has seen the last key. */
export interface SentStreams {
  readonly streams: number;
  readonly finished: boolean;
}

interface Run {
  readonly type: 'retention-ended' | 'again';
  /** Keys that were created before this instant. */
  readonly before: string;
  readonly max: number;
}

async function sendStreams(
  { type, before, max }: Run,
  { keys, queue, bookmarks, hasTime }: RetentionDependencies,
): Promise<SentStreams> {
  const bookmark = `person-eraser/${type}`;
  let after = await bookmarks.place(bookmark);
  let streams = 0;
  do {
    const page = await keys.createdBefore(before, after);
    const ofStreams = page.names.filter((name) => streamPattern.test(name)) as StreamName[];
    await forEachConcurrently(ofStreams, sendsMaxConcurrent, (stream) => queue.send({ type, stream }));
    streams += ofStreams.length;
    after = page.next;
    // After the page: a run that is cut off sends it again, which is harmless.
    await bookmarks.notePlace(bookmark, after);
  } while (after !== undefined && streams < max && hasTime());
  return { streams, finished: after === undefined };
}

/**
 * Erases a stream whose retention has ended. `held`: it is kept, because a person whose data it has is under a legal hold. A later run of the retention asks
 * again.
 */
export async function eraseEnded(stream: StreamName, erasing: PersonErasing): Promise<'done' | 'held'> {
  if (await isHeld(stream, erasing)) return 'held';
  const legalGround: LegalGround = 'retention-ended';
  await eraseStream(stream, { id: uuidv5(stream, retentionNamespace), legalGround }, erasing);
  return 'done';
}

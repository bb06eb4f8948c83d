import { v5 as uuidv5 } from 'uuid';
import {
  type Bookmarks,
  type StreamName,
  type SubjectKeyDestroyer,
  streamPattern,
} from '../../../../kernel/index.ts';
import type { LegalGround } from '../../domain/events.ts';
import type { PersonErasing } from './erase-person.ts';
import { eraseStream } from './erase-stream.ts';
import type { ErasureQueue } from './erasure-message.ts';
import { personState, personsOf } from './persons-of-stream.ts';

/** Namespace of the ids of erasures whose retention has ended (RFC 9562, UUIDv5). */
const retentionNamespace = '9a0f2a1e-6a0c-4a35-8a3e-51b7f1f0c7d2';

/** Maximum number of streams of one run, rounded up to a page. The next run continues there. */
export const retentionMaxStreams = 1_000;

const bookmark = 'person-retention';
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
 * never sent: no stream has such a name. The answer is the number of streams.
 */
export async function sendEnded(
  { now, days }: { readonly now: string; readonly days: number },
  { keys, queue, bookmarks, hasTime }: RetentionDependencies,
): Promise<number> {
  const before = new Date(Date.parse(now) - days * dayMs).toISOString();
  let after = await bookmarks.place(bookmark);
  let sent = 0;
  do {
    const page = await keys.createdBefore(before, after);
    for (const name of page.names) {
      if (!streamPattern.test(name)) continue;
      await queue.send({ type: 'retention-ended', stream: name as StreamName });
      sent += 1;
    }
    after = page.next;
    // After the page: a run that is cut off sends it again, which is harmless.
    await bookmarks.notePlace(bookmark, after);
  } while (after !== undefined && sent < retentionMaxStreams && hasTime());
  return sent;
}

/**
 * Erases a stream whose retention has ended. `held`: it is kept, because its person has a legal hold. A later run of the retention asks
 * again.
 */
export async function eraseEnded(stream: StreamName, erasing: PersonErasing): Promise<'done' | 'held'> {
  for (const ofPerson of await personsOf(stream, erasing))
    if ((await personState(ofPerson, erasing.log)) === 'held') return 'held';
  const legalGround: LegalGround = 'retention-ended';
  await eraseStream(stream, { id: uuidv5(stream, retentionNamespace), legalGround }, erasing);
  return 'done';
}

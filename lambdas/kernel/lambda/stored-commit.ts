import type { Commit, StreamName } from '../commit.ts';
import type { Destination } from '../destination.ts';
import type { EventLog } from '../event-log.ts';
import type { Observer } from '../observer.ts';
import { isOutage } from '../outage.ts';

/** A commit without its events: consumers then read them from the log. */
export function notificationAt(place: {
  readonly stream: StreamName;
  readonly version: number;
  readonly committedAt: string;
}): Commit {
  return { ...place, events: [], commandId: '', commandHash: '', correlationId: '', answer: '' };
}

/** What reading a commit for publication needs. */
export interface StoredCommits {
  readonly log: Pick<EventLog, 'readCommit'>;
  /** Throws for a commit whose published form no consumer would accept. */
  readonly requirePublishable: (commit: Commit) => void;
  readonly observer: Observer;
}

/**
 * Reads a commit that is to be published. One that cannot be read becomes a notification, as in a batch of the log.
 * Undefined if the log has no commit there. Throws only what is an outage of the log.
 */
export async function storedCommit(
  place: Parameters<typeof notificationAt>[0],
  { log, requirePublishable, observer }: StoredCommits,
): Promise<Commit | undefined> {
  const { stream, version } = place;
  try {
    const commit = await log.readCommit(stream, version);
    if (commit !== undefined) requirePublishable(commit);
    return commit;
  } catch (error) {
    if (isOutage(error)) throw error;
    observer.warn('A commit cannot be read. It is published without its events.', { stream, error });
    return notificationAt(place);
  }
}

/** Whether a commit is for a destination. A notification does not tell its types, so it is for all. */
export function isFor(destination: Pick<Destination, 'takes'>, commit: Commit): boolean {
  return commit.events.length === 0 || destination.takes(commit);
}

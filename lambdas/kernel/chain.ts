import { type Commit, lastVersionOf, requireNext, type StreamName } from './commit.ts';
import { chainStart } from './commit-hash.ts';
import { EventSourcingError, isEventSourcingError } from './errors.ts';
import type { Observer } from './observer.ts';

/** The end of a part of a stream: where the next commit must continue. */
export interface ChainEnd {
  /** 0 before the first commit. */
  readonly version: number;
  /** The hash of the last commit; undefined if it has none. */
  readonly hash: string | undefined;
}

/** The end of a stream after this commit. */
export function endOf(commit: Pick<Commit, 'version' | 'events' | 'hash'>): ChainEnd {
  return { version: lastVersionOf(commit), hash: commit.hash };
}

/** Throws `log-changed` if the commit does not continue a stream from this end. A commit without a hash always does. */
export function requireContinues(
  commit: Pick<Commit, 'stream' | 'version' | 'previousHash'>,
  { version, hash }: ChainEnd,
): void {
  requireNext(commit, version);
  const { stream, previousHash } = commit;
  if (previousHash === undefined || previousHash === (hash ?? chainStart(stream, commit.version))) return;
  throw logChanged(stream, `The commit at version ${commit.version} does not continue the commit before it.`);
}

/**
 * Passes on the commits of one read of a stream, and checks that each continues the one before. A read from the start must
 * begin with version 1. The first commit of any other read is not compared with its predecessor: the reader may know its hash.
 * Throws `log-changed`.
 */
export async function* checked(
  pages: AsyncIterable<readonly Commit[]> | Iterable<readonly Commit[]>,
  fromVersion = 1,
): AsyncIterable<readonly Commit[]> {
  let end: ChainEnd | undefined = fromVersion === 1 ? { version: 0, hash: undefined } : undefined;
  for await (const page of pages) {
    for (const commit of page) {
      if (end) requireContinues(commit, end);
      end = endOf(commit);
    }
    yield page;
  }
}

/** The log is not what was appended. `message` names the version and what differs; it has no content of events. */
export function logChanged(stream: StreamName, message: string): EventSourcingError {
  return new EventSourcingError('log-changed', stream, message);
}

const noted = new WeakSet<EventSourcingError>();

/** Reports and counts a `log-changed` error, once for each error. Does nothing for any other. */
export function noteLogChange(observer: Pick<Observer, 'warn' | 'count'>, error: unknown): void {
  if (!isEventSourcingError(error, 'log-changed') || noted.has(error)) return;
  noted.add(error);
  observer.count('LogChanged');
  observer.warn('The log is not what was appended.', { stream: error.stream, error });
}

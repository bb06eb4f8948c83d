import { type Commit, isPlaceOfCommit, type StreamName } from '../commit.ts';
import type { Destination, Sent } from '../destination.ts';
import type { Parked, Parking } from '../parking.ts';
import { type DeliveryDependencies, parkedFor, parkRefused, reportDeferred } from './deliver.ts';
import { publishStep } from './publish-step.ts';
import { noteLatePositions, type ProgressDependencies } from './published-progress.ts';
import { isFor, type StoredCommits, storedCommit } from './stored-commit.ts';

/** Parked commits that are read and sent together. */
const portionMax = 25;

/** The result of trying the parked commits of one destination again. */
export interface Republished {
  readonly destination: string;
  /** Number of commits that the destination accepted. They are no longer parked. */
  readonly published: number;
  /** Number of commits that it refused again, with the newest reason, or that the log does not have. */
  readonly parked: number;
  /** Number of commits that it did not accept because of an outage. They are still parked. */
  readonly failed: number;
  /** The last subject that was tried, if others may be behind it. The next redrive continues after it. */
  readonly next?: string;
}

/** Which parked commits are published again. */
export interface RepublishRange {
  /** Maximum number of commits. */
  readonly limit: number;
  /** Is called before every portion. If it returns false, republishing ends. */
  readonly hasTime: () => boolean;
  /** Only subjects after this one. Default: all. */
  readonly after?: string | undefined;
}

/**
 * Publishes the commits again that are parked for a destination, from the log: at most `limit`, while `hasTime`. A commit
 * that the destination no longer takes is only released. Throws if the log or the parking lot cannot be read.
 */
export async function republishParked(
  destination: Destination,
  dependencies: Omit<DeliveryDependencies, 'waitingRoom'> & StoredCommits & ProgressDependencies,
  { limit, hasTime, after: start }: RepublishRange,
): Promise<Republished> {
  const { parkingLot } = dependencies;
  const consumer = parkedFor(destination.name);
  const total = { published: 0, parked: 0, failed: 0 };
  let after = start;
  for (let tried = 0; tried < limit && hasTime(); tried += portionMax) {
    const portion = Math.min(portionMax, limit - tried);
    const entries = await parkingLot.list(consumer, { limit: portion, after });
    after = entries.at(-1)?.subject;
    const subjects = new Map<Commit, string>();
    for (const entry of entries) {
      const commit = await commitOf(entry, dependencies);
      if (commit === undefined) total.parked += 1;
      else if (isFor(destination, commit)) subjects.set(commit, entry.subject);
      else await parkingLot.release(consumer, entry.subject);
    }
    const sent = await sendAgain(destination, [...subjects.keys()], dependencies);
    const kept = new Set([...sent.deferred, ...sent.refused.map(({ commit }) => commit)]);
    const accepted = [...subjects].filter(([commit]) => !kept.has(commit));
    for (const [, subject] of accepted) await parkingLot.release(consumer, subject);
    total.published += accepted.length;
    total.parked += sent.refused.length;
    total.failed += sent.deferred.length;
    // It does not help to continue behind them while the destination is down.
    if (entries.length < portion || sent.deferred.length > 0)
      return { destination: destination.name, ...total };
  }
  return { destination: destination.name, ...total, ...(after !== undefined && { next: after }) };
}

/** Sends commits. Those that are refused again are parked again, with the newest reason. */
function sendAgain(
  destination: Destination,
  commits: readonly Commit[],
  dependencies: Parking & ProgressDependencies,
): Promise<Sent> {
  return publishStep(dependencies.observer, destination.name, commits, async (steps) => {
    const sent = await destination.send(commits, steps.traceparentOf);
    await noteLatePositions(sent.positions, dependencies);
    await parkRefused(destination, sent, dependencies, steps);
    reportDeferred(sent, steps, () => false);
    return sent;
  });
}

/** The commit of a parked entry; undefined if the entry names none, or the log does not have it. */
async function commitOf(
  { subject }: Parked,
  dependencies: StoredCommits & Pick<DeliveryDependencies, 'effects'>,
): Promise<Commit | undefined> {
  const at = subject.lastIndexOf('@');
  const [stream, version] = [subject.slice(0, at), Number(subject.slice(at + 1))];
  if (!isPlaceOfCommit(stream, version)) return undefined;
  // Used only if the commit cannot be read. Consumers compare times of commits, so an old one would look like a lag.
  const committedAt = dependencies.effects.now();
  return storedCommit({ stream: stream as StreamName, version, committedAt }, dependencies);
}

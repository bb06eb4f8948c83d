import { type Commit, placeOfCommit } from '../commit.ts';
import { forEachConcurrently } from '../concurrency.ts';
import type { Destination, Sent } from '../destination.ts';
import type { Effects } from '../effects.ts';
import { nameOf } from '../observer.ts';
import { type Parking, parkingIn, tryPark } from '../parking.ts';
import type { StreamPosition } from '../publishing.ts';
import type { WaitingRoom } from '../waiting.ts';
import { type PublishSteps, publishStep } from './publish-step.ts';
import { isFor } from './stored-commit.ts';

/** The consumer name under which the publisher parks records of the log that are not commits. */
export const publisherName = 'publisher';

/** The consumer name under which the publisher parks what a destination refuses. */
export function parkedFor(destination: string): string {
  return `${publisherName}/${destination}`;
}

/** Entries that are parked at the same time. A destination may refuse a whole batch, which ends only when all are parked. */
export const maxConcurrentParks = 16;

/** What delivering needs. */
export interface DeliveryDependencies extends Parking {
  readonly waitingRoom: WaitingRoom;
  readonly effects: Pick<Effects, 'now'>;
}

/** What became of the commits that were sent to one destination. */
export interface Delivered {
  /** Neither accepted, nor parked, nor waiting: they must be delivered again. */
  readonly failed: readonly Commit[];
  /** They wait for the destination. */
  readonly deferred: readonly Commit[];
  /** Number of commits that were parked. */
  readonly parked: number;
  readonly positions: readonly StreamPosition[];
  /** Whether the destination accepted a commit. */
  readonly works: boolean;
}

/**
 * Sends commits to one destination, if it takes them. What it refuses for good is parked. What it does not accept because
 * of an outage waits for it. Never rejects.
 */
export function deliver(
  destination: Destination,
  commits: readonly Commit[],
  dependencies: DeliveryDependencies,
): Promise<Delivered> {
  const own = commits.filter((commit) => isFor(destination, commit));
  return publishStep(dependencies.observer, destination.name, own, (steps) =>
    deliverIn(steps, destination, own, dependencies),
  );
}

async function deliverIn(
  steps: PublishSteps,
  destination: Destination,
  commits: readonly Commit[],
  dependencies: DeliveryDependencies,
): Promise<Delivered> {
  const sent = await destination.send(commits, steps.traceparentOf);
  const notParked = await parkRefused(destination, sent, dependencies, steps);
  const mayWait = await addWaiting(destination, sent, dependencies);
  reportDeferred(sent, steps, () => mayWait);
  return {
    failed: [...notParked, ...(mayWait ? [] : sent.deferred)],
    deferred: mayWait ? sent.deferred : [],
    parked: sent.refused.length - notParked.length,
    positions: sent.positions,
    works: sent.works,
  };
}

/** Parks refused commits, several at the same time. Returns those that could not be parked, in the order of the call. */
export async function parkRefused(
  { name }: Pick<Destination, 'name'>,
  { refused }: Pick<Sent, 'refused'>,
  parking: Parking,
  steps: PublishSteps,
): Promise<readonly Commit[]> {
  const notParked = new Set<Commit>();
  await forEachConcurrently(refused, maxConcurrentParks, async ({ commit, code }) => {
    const place = placeOfCommit(commit);
    const step = steps.of(commit);
    step.event('refused', { commit: place, code });
    step.fail(code);
    const parked = {
      consumer: parkedFor(name),
      subject: place,
      version: commit.version,
      reason: `The destination ${name} refuses the commit: ${code}.`,
    };
    if (!(await tryPark(parkingIn([step], parking), parked))) notParked.add(commit);
  });
  return refused.map(({ commit }) => commit).filter((commit) => notParked.has(commit));
}

/** Reports commits that a destination did not accept because of an outage. `waits`: whether a commit waits for it. */
export function reportDeferred(
  { deferred, error }: Pick<Sent, 'deferred' | 'error'>,
  steps: PublishSteps,
  waits: (commit: Commit) => boolean,
): void {
  for (const commit of deferred) {
    const step = steps.of(commit);
    if (waits(commit)) step.event('deferred', { commit: placeOfCommit(commit) });
    step.fail(nameOf(error));
  }
}

/** Lets deferred commits wait. Returns false if they cannot wait. */
async function addWaiting(
  destination: Destination,
  { deferred, error }: Pick<Sent, 'deferred' | 'error'>,
  { waitingRoom, observer, effects }: DeliveryDependencies,
): Promise<boolean> {
  if (deferred.length === 0) return true;
  const { name } = destination;
  const details = { destination: name, commits: deferred.length, error };
  const waitingSince = effects.now();
  const rows = deferred.map(({ stream, version, committedAt }) => ({
    destination: name,
    stream,
    version,
    // A damaged commit may have any text as its time.
    committedAt: committedAt.slice(0, waitingSince.length),
    waitingSince,
  }));
  try {
    await waitingRoom.add(rows);
  } catch (failure) {
    observer.warn('Commits could not wait for a destination. They will be delivered again.', {
      ...details,
      failure,
    });
    return false;
  }
  destination.mayWait = true;
  observer.count('Deferred', deferred.length);
  observer.warn('A destination does not accept commits. They wait for it.', details);
  return true;
}

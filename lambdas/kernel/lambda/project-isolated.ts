import { isPlaceOfCommit } from '../commit.ts';
import type { DomainEvent } from '../decider.ts';
import { messageOf } from '../errors.ts';
import { failAll } from '../observer.ts';
import { isOutage } from '../outage.ts';
import { type Parking, parkingIn, tryPark } from '../parking.ts';
import { projectStep } from '../project-step.ts';
import type { ProjectedBatch, Projector } from '../projector.ts';
import type { ReceivedCommit } from '../publishing.ts';
import type { StreamUpdate } from '../stream-updates.ts';

/** What projects the streams of a batch. `name`: the consumer that parks its streams. */
export type BatchProjector = Pick<Projector<DomainEvent, unknown, unknown>, 'project' | 'name'>;

/** Returns a decoded commit. Throws if its stream or version is no place of a commit, or if it has no events to count. */
export function projectable(commit: ReceivedCommit): ReceivedCommit {
  const { stream, version, events } = commit;
  if (!isPlaceOfCommit(stream, version) || !Array.isArray(events)) {
    throw new TypeError('The record names no commit.');
  }
  return commit;
}

/**
 * Projects the streams of a batch. A projector handles the faults of its streams itself. If it throws nevertheless, the
 * batch is halved until the stream that causes it is alone. That stream is parked, and the others are projected. In an
 * outage nothing is parked, and all streams count as failed.
 */
export async function projectIsolated(
  projector: BatchProjector,
  updates: readonly StreamUpdate[],
  parking: Parking,
): Promise<ProjectedBatch> {
  if (updates.length === 0) return { projected: 0, parked: [], failed: [] };
  try {
    return await projector.project(updates);
  } catch (error) {
    const streams = updates.map(({ stream }) => stream);
    if (isOutage(error)) {
      const details = { consumer: projector.name, error };
      parking.observer.warn('An outage stops a projector. The records will be delivered again.', details);
      return { projected: 0, parked: [], failed: streams };
    }
    const [only] = updates;
    if (only !== undefined && updates.length === 1) return parkAlone(only, error, projector.name, parking);
    const middle = Math.ceil(updates.length / 2);
    const first = await projectIsolated(projector, updates.slice(0, middle), parking);
    const second = await projectIsolated(projector, updates.slice(middle), parking);
    return {
      projected: first.projected + second.projected,
      parked: [...first.parked, ...second.parked],
      failed: [...first.failed, ...second.failed],
    };
  }
}

async function parkAlone(
  update: StreamUpdate,
  error: unknown,
  consumer: string,
  parking: Parking,
): Promise<ProjectedBatch> {
  const { stream, reachedVersion: version } = update;
  const parked = { consumer, subject: stream, version, reason: messageOf(error) };
  const isParked = await projectStep(parking.observer, update, { consumer }, (steps) => {
    failAll(steps, error);
    return tryPark(parkingIn(steps, parking), parked, { error });
  });
  return { projected: 0, parked: isParked ? [stream] : [], failed: isParked ? [] : [stream] };
}

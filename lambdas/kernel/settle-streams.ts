import type { StreamName } from './commit.ts';
import { forEachConcurrently } from './concurrency.ts';
import { messageOf } from './errors.ts';
import { type Parking, tryPark } from './parking.ts';
import type { StreamOutcome } from './row-projector.ts';
import type { StreamUpdate } from './stream-updates.ts';

/** Maximum number of entries of the parking lot that are written at the same time. */
const maxConcurrentEntries = 16;

/** What became of a stream in all generations together. */
export type JointOutcome = StreamOutcome & {
  /** The active generation is right: queries do not show the fault. */
  readonly isActiveRight?: boolean;
};

/** What settling needs. */
export interface SettleOptions extends Parking {
  readonly projection: { readonly name: string };
}

/** The outcome for the streams of a batch, with the number of those of which a row was written. */
export interface SettledBatch {
  readonly projected: number;
  readonly changed: number;
  readonly parked: readonly StreamName[];
  readonly failed: readonly StreamName[];
}

/**
 * The outcome in the generations so far, the active one first, and in another one: `failed` before `faulty`, because the records come again anyway; then `saved`. The version is that of
 * the generation that is behind.
 */
export function combined(one: JointOutcome | undefined, other: StreamOutcome): JointOutcome {
  if (one === undefined || one.outcome === 'failed') return one ?? other;
  if (other.outcome === 'failed') return other;
  if (one.outcome === 'faulty') return one;
  if (other.outcome === 'faulty') return { ...other, isActiveRight: true };
  return {
    outcome: one.outcome === 'saved' || other.outcome === 'saved' ? 'saved' : 'unchanged',
    version: Math.min(one.version, other.version),
    isFromLog: one.isFromLog || other.isFromLog,
  };
}

/** Parks what is faulty, once, and releases streams that are complete again. */
export async function settle(
  options: SettleOptions,
  batch: readonly StreamUpdate[],
  outcomes: ReadonlyMap<StreamName, JointOutcome>,
): Promise<SettledBatch> {
  const parked: StreamName[] = [];
  const failed: StreamName[] = [];
  let changed = 0;
  await forEachConcurrently(batch, maxConcurrentEntries, async ({ stream, reachedVersion: version }) => {
    const outcome = outcomes.get(stream);
    if (outcome === undefined || outcome.outcome === 'failed') {
      failed.push(stream);
    } else if (outcome.outcome === 'faulty') {
      const { error, isActiveRight = false } = outcome;
      const reason = (isActiveRight ? 'In a generation that is not active: ' : '') + messageOf(error);
      const entry = { consumer: options.projection.name, subject: stream, version, reason };
      ((await tryPark(options, entry, { error })) ? parked : failed).push(stream);
    } else {
      if (outcome.outcome === 'saved') changed += 1;
      if (outcome.isFromLog) await release(options, stream, outcome.version);
    }
  });
  return { projected: batch.length - parked.length - failed.length, changed, parked, failed };
}

/**
 * A parked stream has a gap, so its next commit is read from the log. Its rows are complete now. If the entry cannot be removed, it
 * stays until a redrive.
 */
async function release(
  { projection, parkingLot, observer }: SettleOptions,
  stream: StreamName,
  version: number,
): Promise<void> {
  try {
    await parkingLot.release(projection.name, stream, version);
  } catch (error) {
    const details = { consumer: projection.name, subject: stream, error };
    observer.warn('A stream is complete again, but its parked entry could not be removed.', details);
  }
}

import { UnfoldableError } from '../catch-up-row.ts';
import type { RetryPolicy } from '../retry.ts';
import { RowProjector } from '../row-projector.ts';
import { categoryOfStream, type StreamName } from '../stream-name.ts';
import { type PartWork, projectionOf } from './build.ts';
import { parkFault } from './park-fault.ts';
import type { PartCounts } from './part-progress.ts';

/** A projector may write the same row meanwhile. */
const retry: RetryPolicy = { maxAttempts: 8, firstWaitMs: 40, longestWaitMs: 1_280 };

/** Streams could not be caught up for now. The call must be repeated. */
export class CatchUpError extends Error {
  override readonly name = 'CatchUpError';
}

/**
 * Catches rows of the new generation up from the log, at least to these versions. Returns the streams that cannot be folded: they
 * are parked. Throws {@link CatchUpError} in an outage.
 */
export async function catchUpStreams<Row, Line>(
  work: Pick<PartWork<Row, Line>, 'model' | 'history' | 'building' | 'parking' | 'effects'>,
  counts: PartCounts,
  streams: readonly { readonly stream: string; readonly version: number }[],
): Promise<readonly StreamName[]> {
  const faulty: StreamName[] = [];
  for (const [category, own] of Map.groupBy(streams, ({ stream }) => categoryOfStream(stream))) {
    const [first] = own;
    if (first === undefined) continue;
    const projector = new RowProjector({
      projection: projectionOf(work.model, first.stream),
      log: work.history,
      readModel: work.model.rowsOf(work.building, category),
      observer: work.parking.observer,
      effects: work.effects,
      retry,
    });
    const updates = own.map(({ stream, version }) => ({
      stream: stream as StreamName,
      commits: [],
      reachedVersion: version,
    }));
    for (const [stream, outcome] of await projector.project(updates)) {
      if (outcome.outcome === 'failed') throw new CatchUpError('An outage stops the comparison of rows.');
      if (outcome.outcome === 'saved') counts.caughtUp += 1;
      if (outcome.outcome !== 'faulty' || isShortLog(outcome.error)) continue;
      const version = own.find((one) => one.stream === stream)?.version ?? 0;
      await parkFault(work, { stream, version, thrown: outcome.error });
      faulty.push(stream);
    }
  }
  return faulty;
}

/** The log ends before the version of the row. Nothing is wrong with the events; the comparison counts a difference. */
function isShortLog(error: unknown): boolean {
  return error instanceof UnfoldableError && error.cause === undefined;
}

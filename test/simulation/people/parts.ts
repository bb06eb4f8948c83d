import type { ReadModelName, SegmentProgress } from '../../../schema/projections.ts';
import { ask, GivenUp } from './operator.ts';
import { pause, type Surroundings } from './surroundings.ts';

/** Invocations of one part that change nothing, in a row, at most. */
const idleMax = 50;
/** After {@link until}, the clock of the function may be behind: a refusal is asked again this often, once a second. */
const refusalsMax = 10;
const tickMs = 1_000;

/** Work on all parts of a generation. */
export interface Parts {
  readonly action: 'fold' | 'compare' | 'remove';
  readonly readModel: ReadModelName;
  readonly generation: string;
  readonly segments: number;
}

/** Works on all parts at the same time until they are done. Returns the number of parked streams. @throws {GivenUp} */
export async function workOnParts(around: Surroundings, parts: Parts): Promise<number> {
  const all = Array.from({ length: parts.segments }, (_, segment) => workOnPart(around, parts, segment));
  // Every part ends before a failure of one counts, so nothing goes on behind the operator's back.
  const ends = await Promise.allSettled(all);
  let parked = 0;
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    parked += end.value.parked;
  }
  return parked;
}

async function workOnPart(
  around: Surroundings,
  { action, readModel, generation }: Parts,
  segment: number,
): Promise<SegmentProgress> {
  let last = '';
  let refusals = 0;
  for (let idle = 0; idle < idleMax; idle += 1) {
    try {
      const answer = await ask<typeof action>(around, { action, readModel, generation, segment });
      if (answer.done) return answer;
      const text = JSON.stringify(answer);
      if (text !== last) idle = 0;
      last = text;
    } catch (error) {
      refusals += 1;
      if (!(error instanceof GivenUp) || action === 'fold' || refusals > refusalsMax) throw error;
      await pause(around, tickMs);
    }
  }
  throw new GivenUp(`Part ${segment} of ${generation} of ${readModel} does not move.`);
}

/** Waits until an instant of the functions' clocks: ISO 8601, UTC. */
export async function until(around: Surroundings, instant: string): Promise<void> {
  await pause(around, Date.parse(instant) - around.world.time.nowMs);
}

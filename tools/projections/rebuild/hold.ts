import { randomUUID } from 'node:crypto';
import { buildHoldMs, type ReadModelName, type ReadModelStatus } from '../../../schema/projections.ts';
import { ask, statusOf } from '../rebuilder.ts';
import { Refused } from '../refused.ts';
import type { Session } from '../session.ts';

/** Asked again this often, in ms: three calls may be late before another run takes over. Also the pace of the progress bar. */
const renewMs = 2_000;
const watchMs = 1_000;

/**
 * Waits until no other run holds the build: one that was killed no longer renews its hold. Compares what the function says; only a
 * hold that ended long ago is told by the clock. Resolves with the newest status. @throws {Refused} if another run works on the build.
 */
export async function waitForHold(session: Session, status: ReadModelStatus): Promise<ReadModelStatus> {
  const { building, readModel } = status;
  if (building?.heldUntil === undefined) return status;
  const { nowMs, wait } = session.clock;
  const giveUpAtMs = nowMs() + buildHoldMs;
  if (Date.parse(building.heldUntil) > nowMs()) {
    session.say(`Waiting up to ${buildHoldMs / 1_000} s: another command may work on this rebuild.`);
  }
  for (let newest = status; ; newest = await statusOf(session.functions, readModel)) {
    const now = newest.building;
    if (now?.generation !== building.generation) return newest;
    if (now.heldUntil !== building.heldUntil) {
      throw new Refused(
        `Another command works on the rebuild of ${readModel} into ${now.generation}. Follow it with "status".`,
      );
    }
    if (nowMs() >= giveUpAtMs || Date.parse(building.heldUntil) + buildHoldMs < nowMs()) return newest;
    await wait(watchMs);
  }
}

/** The generation that is built. */
export interface Build {
  readonly readModel: ReadModelName;
  readonly generation: string;
}

/**
 * Holds a build while `work` runs. `onStatus` gets the newest status again and again. Rejects at once if the hold is refused:
 * another run has taken over, or somebody has given the build up.
 */
export async function whileHeld<Result>(
  session: Session,
  { readModel, generation }: Build,
  onStatus: (status: ReadModelStatus) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const owner = randomUUID();
  const hold = async () =>
    onStatus(await ask<'hold'>(session.functions, { action: 'hold', readModel, generation, owner }));
  await hold();
  let isOver = false;
  const renewing = (async () => {
    for (;;) {
      await session.clock.wait(renewMs);
      if (isOver) return;
      await hold();
    }
  })();
  const working = work();
  // The loser of the race may reject later, when nobody listens any more.
  working.catch(() => undefined);
  renewing.catch(() => undefined);
  try {
    return await Promise.race([working, renewing.then(() => working)]);
  } finally {
    isOver = true;
  }
}

import { UserError } from '../../host/user-error.ts';
import { duration } from '../progress.ts';
import { Refused } from '../refused.ts';
import type { Session } from '../session.ts';

/** Longer than any projector may run, and than all caches. An instant further away is a mistake in the control table. */
const waitMaxMs = 2 * 3_600_000;
const tickMs = 1_000;
/** The clock of this machine may be ahead of the functions' clocks by this time. */
const clockOffsetMaxMs = 120_000;

/** Shows a countdown until an instant of the functions' clocks. @throws {UserError} if it is too far away, or none. */
export async function waitUntil(session: Session, instant: string, title: string): Promise<void> {
  const atMs = Date.parse(instant);
  const waitMs = atMs - session.clock.nowMs();
  if (!(waitMs <= waitMaxMs)) {
    throw new UserError(
      `${title} until ${instant}: that cannot be right. Look at the item of the read model in the control table.`,
    );
  }
  if (waitMs <= 0) return;
  session.say(`${title}: ${duration(waitMs)}.`);
  await session.withProgress(title, async (show) => {
    for (;;) {
      const leftMs = atMs - session.clock.nowMs();
      if (leftMs <= 0) return;
      show(1 - leftMs / waitMs, `${duration(leftMs)} left`);
      await session.clock.wait(Math.min(leftMs, tickMs));
    }
  });
}

/**
 * Does the first step after {@link waitUntil}. While the function refuses it and `isStillToCome` says that nothing else has
 * changed, the clock of the function is behind: waits for it, up to two minutes.
 */
export async function afterWaiting<Result>(
  { clock }: Pick<Session, 'clock'>,
  step: () => Promise<Result>,
  isStillToCome: () => Promise<boolean>,
): Promise<Result> {
  const giveUpAtMs = clock.nowMs() + clockOffsetMaxMs;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof Refused) || clock.nowMs() > giveUpAtMs || !(await isStillToCome())) throw error;
      await clock.wait(tickMs);
    }
  }
}

import type { ForgetReport, ReadModelName } from '../../../schema/projections.ts';
import { UserError } from '../../host/user-error.ts';
import { ask, statusOf } from '../rebuilder.ts';
import { Refused } from '../refused.ts';
import type { Session } from '../session.ts';
import { number } from './parts.ts';

/**
 * Deletes all snapshots and sealed segments: a log that was restored from a backup may not have what they hold. Neither may it have
 * what an unfinished rebuild has folded. @throws {Refused}, before anything is deleted, if there is one of these read models.
 */
export async function forget(
  session: Session,
  readModels: readonly ReadModelName[],
): Promise<Omit<ForgetReport, 'cursor'>> {
  for (const readModel of readModels) {
    const { building } = await statusOf(session.functions, readModel);
    if (building === undefined) continue;
    throw new Refused(
      `A rebuild of ${readModel} into ${building.generation} began at ${building.startedAt}. If that was after the log was restored, continue it without --restored. If not, it has rows of lost commits, so give it up first: npm run projections -- discard ${readModel}`,
    );
  }
  return session.withProgress('Deleting snapshots and segments', async (show) => {
    const total = { snapshots: 0, segments: 0 };
    for (let cursor: string | undefined; ; ) {
      const answer = await ask<'forget'>(session.functions, {
        action: 'forget',
        ...(cursor !== undefined && { cursor }),
      });
      total.snapshots += answer.snapshots;
      total.segments += answer.segments;
      show(undefined, `${number(total.snapshots)} snapshots, ${number(total.segments)} segments`);
      if (answer.cursor === undefined) return total;
      if (answer.cursor === cursor) {
        throw new UserError('Forgetting does not move: the rebuilder answers the same cursor again.');
      }
      cursor = answer.cursor;
    }
  });
}

import type { ForgetReport } from '../../../schema/projections.ts';
import { UserError } from '../../host/user-error.ts';
import { ask } from '../rebuilder.ts';
import type { Session } from '../session.ts';
import { number } from './parts.ts';

/** Deletes all snapshots and sealed segments: a log that was restored from a backup may not have what they hold. */
export async function forget(session: Session): Promise<Omit<ForgetReport, 'cursor'>> {
  return session.withProgress('Deleting snapshots and segments', async (show) => {
    const total = { snapshots: 0, segments: 0 };
    for (let cursor: string | undefined; ; ) {
      const answer = await ask<'forget'>(session.functions, {
        action: 'forget',
        ...(cursor !== undefined && { cursor }),
      });
      total.snapshots += answer.snapshots;
      total.segments += answer.segments;
      show(0, `${number(total.snapshots)} snapshots, ${number(total.segments)} segments`);
      if (answer.cursor === undefined) return total;
      if (answer.cursor === cursor) {
        throw new UserError('Forgetting does not move: the rebuilder answers the same cursor again.');
      }
      cursor = answer.cursor;
    }
  });
}

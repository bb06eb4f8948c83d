import type { ReadModelName, ReadModelStatus, SegmentProgress } from '../../../schema/projections.ts';
import { ask, statusOf } from '../rebuilder.ts';
import type { Outcome, Session } from '../session.ts';
import { orStopped } from '../stopped.ts';
import { number, type PartProgress, showParts, totalOf, workOnParts } from './parts.ts';
import { afterWaiting, waitUntil } from './wait-until.ts';

type Removing = ReadModelStatus['removing'][number];

/** What was deleted of one generation. */
interface Removed {
  readonly generation: string;
  readonly rows: number;
  readonly lines: number;
}

/**
 * Gives up the generation that is built (`discard`) or the previous one (`drop`), and deletes everything of the read model that
 * nobody reads any more. Stopped or killed, the same command continues.
 * @throws {Refused} if there is nothing to give up and nothing to delete.
 */
export async function remove(
  session: Session,
  action: 'discard' | 'drop',
  readModel: ReadModelName,
  concurrency: number,
): Promise<Outcome> {
  const before = await statusOf(session.functions, readModel);
  const given = action === 'drop' ? before.previous : before.building?.generation;
  // With nothing to give up, the function has the sentence. What an earlier command gave up is deleted now.
  const isContinued = given === undefined && before.removing.length > 0;
  const { removing } = isContinued
    ? before
    : await ask<typeof action>(session.functions, { action, readModel });
  const removed: Removed[] = [];
  for (const each of removing) {
    session.say(`Nobody reads ${each.generation} of ${readModel} any more.`);
    const deleted = await orStopped('Stopped. The same command continues to delete.', () =>
      deleteGeneration(session, readModel, each, concurrency),
    );
    removed.push(deleted);
  }
  return {
    code: 0,
    lines: removed.map(
      ({ generation, rows, lines }) =>
        `${readModel}: ${generation} is deleted: ${number(rows)} rows, ${number(lines)} lines.`,
    ),
    report: { readModel, removed },
  };
}

async function deleteGeneration(
  session: Session,
  readModel: ReadModelName,
  { generation, removableAt, segments }: Removing,
  concurrency: number,
): Promise<Removed> {
  await waitUntil(session, removableAt, `Waiting until no projector writes ${generation}`);
  const progress: PartProgress = [];
  const parts = { action: 'remove', readModel, generation, segments, concurrency } as const;
  const work = (): Promise<readonly SegmentProgress[]> =>
    session.withProgress(`${readModel}: Deleting ${generation}`, (show) =>
      workOnParts(session, parts, progress, showParts(session, show, parts, progress)),
    );
  const done = await afterWaiting(session, work, async () => {
    const { removing } = await statusOf(session.functions, readModel);
    return progress.length === 0 && removing.some((each) => each.generation === generation);
  });
  const { rows, lines } = totalOf([...done]);
  return { generation, rows, lines };
}

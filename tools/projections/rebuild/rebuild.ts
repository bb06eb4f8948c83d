import type { ReadModelName, ReadModelStatus, SegmentProgress } from '../../../schema/projections.ts';
import { ask, statusOf } from '../rebuilder.ts';
import type { Session } from '../session.ts';
import { orStopped } from '../stopped.ts';
import { type Build, waitForHold, whileHeld } from './hold.ts';
import { type PartProgress, type Parts, showParts, totalOf, workOnParts } from './parts.ts';
import type { RebuildReport } from './rebuild-report.ts';
import { afterWaiting, waitUntil } from './wait-until.ts';

export interface RebuildOptions {
  /** Parts of the log of a new build. One that is resumed keeps its own. */
  readonly segments: number;
  readonly concurrency: number;
  /** Whether the new generation becomes active. It does not if streams cannot be folded to their end: the projection may be wrong. */
  readonly switches: boolean;
  /** Whether this run has deleted snapshots and segments first. */
  readonly restored: boolean;
}

/** One run of a rebuild. */
interface Run extends Build, Pick<RebuildOptions, 'concurrency'> {
  readonly session: Session;
  readonly segments: number;
  /** What is worked on. */
  phase: 'folding' | 'following';
  /** Of its parts, as the newest answers tell it. */
  progress: PartProgress;
  onProgress: () => void;
}

/**
 * Rebuilds a read model, step by step through the function `rebuilder`, and resumes a rebuild that was begun. Traffic goes on.
 * @throws {Refused} if another run works on it, or the function refuses a step.
 */
export async function rebuild(
  session: Session,
  readModel: ReadModelName,
  { segments, concurrency, switches, restored }: RebuildOptions,
): Promise<RebuildReport> {
  const startedAtMs = session.clock.nowMs();
  const found = await waitForHold(session, await statusOf(session.functions, readModel));
  const resumed = found.building !== undefined;
  const begun = await ask<'begin'>(session.functions, {
    ...{ action: 'begin', readModel, segments },
    ...(resumed && { resume: true }),
  });
  const building = requireBuilding(begun);
  const { generation } = building;
  session.say(
    resumed
      ? `A rebuild of ${readModel} into ${generation} began at ${building.startedAt}. It is resumed.`
      : `Rebuilds ${readModel} into ${generation}, beside ${begun.active}.`,
  );
  const run: Run = {
    ...{ session, readModel, generation, concurrency, segments: building.segments },
    ...{ phase: 'folding', progress: [], onProgress: () => undefined },
  };
  const onStatus = (status: ReadModelStatus) => takeOver(run, status);
  const work = await orStopped(stoppedText(readModel, restored), () =>
    whileHeld(session, run, onStatus, () => build(run, building.phase, begun)),
  );
  const parked = work.compared?.parked ?? 0;
  const isSwitching = switches && parked === 0;
  if (isSwitching) await ask<'switch'>(session.functions, { action: 'switch', readModel, generation });
  const { previous } = await statusOf(session.functions, readModel);
  return {
    ...{ readModel, generation, before: begun.active, resumed, switched: isSwitching },
    ...(previous !== undefined && { previous }),
    ...work,
    seconds: secondsSince(session, startedAtMs),
  };
}

const stoppedText = (readModel: ReadModelName, restored: boolean) =>
  `Stopped. What is built stays, and the function still ends what it works on. The same command continues${restored ? ' without --restored' : ''}; this gives it up: npm run projections -- discard ${readModel}`;

/** The steps that are still to do. */
async function build(
  run: Run,
  phase: 'folding' | 'following' | 'compared',
  status: ReadModelStatus,
): Promise<Pick<RebuildReport, 'folded' | 'compared' | 'foldSeconds' | 'eventsOfThisRun'>> {
  const { folded } = status.building ?? {};
  const folding =
    phase === 'folding' ? await fold(run, status) : { ...(folded && { folded: totalOf([...folded]) }) };
  const compared = phase === 'compared' ? status.building?.progress : await compareAll(run);
  return { ...folding, ...(compared && { compared: totalOf([...compared]) }) };
}

async function fold(run: Run, status: ReadModelStatus) {
  const { session } = run;
  const startedAtMs = session.clock.nowMs();
  run.progress = [...(status.building?.progress ?? [])];
  const before = totalOf(run.progress).events;
  const folded = totalOf([...(await workOn(run, 'fold', `Folding the log into ${run.generation}`))]);
  return {
    folded,
    foldSeconds: secondsSince(session, startedAtMs),
    eventsOfThisRun: folded.events - before,
  };
}

async function compareAll(run: Run): Promise<readonly SegmentProgress[]> {
  const { session, readModel, generation } = run;
  run.phase = 'following';
  run.progress = [];
  run.onProgress = () => undefined;
  const status = await ask<'follow'>(session.functions, { action: 'follow', readModel, generation });
  const { progress, readyAt } = requireBuilding(status);
  if (readyAt !== undefined) {
    await waitUntil(session, readyAt, `Waiting until all projectors write ${generation}`);
  }
  run.progress = [...progress];
  const compare = () => workOn(run, 'compare', `Comparing ${generation} with ${status.active}`);
  const compared = await afterWaiting(session, compare, async () => {
    const { building } = await statusOf(session.functions, readModel);
    return building?.generation === generation && building.phase === 'following' && isUntouched(run.progress);
  });
  await ask<'finish'>(session.functions, { action: 'finish', readModel, generation });
  return compared;
}

async function workOn(run: Run, action: Parts['action'], title: string): Promise<readonly SegmentProgress[]> {
  const { session, readModel, generation, segments, concurrency } = run;
  const parts = { action, readModel, generation, segments, concurrency };
  return session.withProgress(`${readModel}: ${title}`, (show) => {
    run.onProgress = showParts(session, show, parts, run.progress);
    return workOnParts(session, parts, run.progress, run.onProgress);
  });
}

/** What the function has saved of parts whose invocations have not answered yet. */
function takeOver({ phase, progress, onProgress }: Run, { building }: ReadModelStatus): void {
  if (building?.phase !== phase) return;
  building.progress.forEach((part, segment) => {
    if (!progress[segment]?.done && !part.done) progress[segment] = part;
  });
  onProgress();
}

function isUntouched(progress: PartProgress): boolean {
  return totalOf(progress).rows === 0;
}

function requireBuilding({ building, readModel }: ReadModelStatus) {
  if (building) return building;
  throw new Error(`The rebuilder says that no generation of ${readModel} is being built.`);
}

function secondsSince({ clock }: Session, startedAtMs: number): number {
  return (clock.nowMs() - startedAtMs) / 1_000;
}

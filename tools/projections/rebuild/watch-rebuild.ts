import type { ReadModelStatus } from '../../../schema/projections.ts';
import { UserError } from '../../host/user-error.ts';
import type { ShowProgress } from '../progress.ts';
import { statusOf } from '../rebuilder.ts';
import { Refused } from '../refused.ts';
import type { Session } from '../session.ts';
import { orStopped } from '../stopped.ts';
import { type PartProgress, showParts, totalOf } from './parts.ts';
import type { RebuildReport } from './rebuild-report.ts';
import type { RebuildInput, RebuildMachine } from './state-machine.ts';

const pollMs = 5_000;

/** What was seen of a rebuild while it ran. */
interface Seen {
  generation: string | undefined;
  readonly folding: PartProgress;
  readonly comparing: PartProgress;
}

/**
 * Starts the state machine of a deployed stage and watches it. A signal stops the watching only.
 * @throws {Refused} if it already rebuilds this read model. @throws {UserError} if it fails.
 */
export async function rebuildDeployed(
  session: Session,
  machine: Pick<RebuildMachine, 'start' | 'describe'>,
  input: RebuildInput,
): Promise<RebuildReport> {
  const { readModel } = input;
  const startedAtMs = session.clock.nowMs();
  const before = await statusOf(session.functions, readModel);
  const execution = await machine.start(input);
  session.say(
    before.building
      ? `A rebuild of ${readModel} into ${before.building.generation} began at ${before.building.startedAt}. It is resumed.`
      : `Rebuilds ${readModel}: ${execution}`,
  );
  const seen: Seen = { generation: before.building?.generation, folding: [], comparing: [] };
  await orStopped(
    'No longer watching. The rebuild goes on. This shows how far it is: npm run projections -- status --stage NAME',
    () =>
      session.withProgress(`${readModel}: Rebuilding`, async (show) => {
        const look = looks(session, seen, show);
        let output: string | undefined;
        while (output === undefined) {
          look(await statusOf(session.functions, readModel));
          await session.clock.wait(pollMs);
          output = await outputOf(machine, execution);
        }
        look(lastStatus(output));
      }),
  );
  const after = await statusOf(session.functions, readModel);
  return reportOf(session, { before, after, seen, startedAtMs });
}

/** The output of an execution; undefined while it runs. @throws {Refused} if a step was refused. */
async function outputOf(
  machine: Pick<RebuildMachine, 'describe'>,
  execution: string,
): Promise<string | undefined> {
  const { status, error, cause, output = '' } = await machine.describe(execution);
  if (status === 'SUCCEEDED') return output;
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return undefined;
  if (error === 'Refused' && cause !== undefined) throw new Refused(cause);
  throw new UserError(
    `The rebuild ended with ${status}: ${[error, cause].filter(Boolean).join(': ') || 'without a reason'}. The same command resumes it. ${execution}`,
  );
}

/** What the state machine knew of the build before the switch. */
function lastStatus(output: string): Pick<ReadModelStatus, 'building'> {
  try {
    const { status }: { readonly status?: ReadModelStatus } = JSON.parse(output);
    return status ?? {};
  } catch {
    return {};
  }
}

/** Notes and shows what a status tells of the build. */
function looks(
  session: Session,
  seen: Seen,
  show: ShowProgress,
): (status: Pick<ReadModelStatus, 'building'>) => void {
  const shown = new Map<string, () => void>();
  return ({ building }) => {
    if (!building) return;
    const { generation, phase, segments } = building;
    seen.generation = generation;
    const [action, progress] =
      phase === 'folding' ? (['fold', seen.folding] as const) : (['compare', seen.comparing] as const);
    progress.splice(0, progress.length, ...building.progress);
    if (building.folded) seen.folding.splice(0, seen.folding.length, ...building.folded);
    const showNow = shown.get(action) ?? showParts(session, show, { action, segments }, progress);
    shown.set(action, showNow);
    showNow();
  };
}

function reportOf(
  { clock }: Session,
  found: { before: ReadModelStatus; after: ReadModelStatus; seen: Seen; startedAtMs: number },
): RebuildReport {
  const { before, after, seen, startedAtMs } = found;
  const seconds = (clock.nowMs() - startedAtMs) / 1_000;
  const isSwitched = after.active !== before.active;
  const generation = isSwitched ? after.active : (seen.generation ?? after.active);
  return {
    ...{ readModel: after.readModel, generation, before: before.active, seconds },
    ...{ resumed: before.building !== undefined, switched: isSwitched },
    ...(after.previous !== undefined && { previous: after.previous }),
    // Counts that were seen before the last ones came would be wrong.
    ...(isDone(seen.folding) && { folded: totalOf(seen.folding) }),
    ...(isDone(seen.comparing) && { compared: totalOf(seen.comparing) }),
  };
}

function isDone(progress: PartProgress): boolean {
  return progress.length > 0 && progress.every((part) => part?.done);
}

import { v5 as uuidv5 } from 'uuid';
import {
  type Bookmarks,
  type CommandHandler,
  commandIdOfReaction,
  forEachConcurrently,
  type ListedRow,
  type Observer,
  type ReadModel,
  streamName,
  systemActor,
} from '../../../kernel/index.ts';
import type { MetricAnswer } from '../api/answers.ts';
import type { MetricEvent } from '../domain/events.ts';
import { type Measurement, type Metric, type MetricCommand, metrics } from '../domain/metric.ts';
import type { MetricRow } from '../read-model/projection.ts';

/** The name of the automation, in its commands. */
const sweeper = 'metrics-sweeper';
/** Namespace of the correlation ids of the sweep's commands (RFC 9562, UUIDv5). */
const correlationNamespace = '1c5b0a52-7a0e-4f0e-8d0a-9d3f3d1b6c11';

/** Maximum number of commands of one run. The next run continues after the last page of this one. */
export const sweepMaxCommands = 2_000;
/** Maximum number of rows of one run, with those that it skips. */
export const sweepMaxRows = 20_000;
/** Maximum number of settled targets that a process remembers, about 10 MB. */
const settledMaxTargets = 100_000;
const pageRows = 100;
const concurrency = 8;
const bookmark = 'metrics-sweep';

/** What a sweep needs. */
export interface SweepDependencies {
  readonly readModel: Pick<ReadModel<MetricRow, Measurement>, 'list'>;
  readonly handler: Pick<CommandHandler<Metric, MetricCommand, MetricEvent, MetricAnswer>, 'handle'>;
  /** Where a run continues. Without it, rows that stay in the list would keep the others from their turn. */
  readonly bookmarks: Bookmarks;
  /**
   * Events that set a target which is known to be settled. Runs of one process share it, to skip rows that the projector has
   * not written yet. Losing it costs only time.
   */
  readonly settled: Set<string>;
  readonly observer: Observer;
}

/** The outcome of a sweep. */
export interface SweepResult {
  /** Number of metrics whose target this run expired. */
  readonly expired: number;
  /** Number of metrics that were still in the list although their target was no longer pending. */
  readonly settled: number;
  /** Number of metrics that were skipped, because an earlier run found their target settled. */
  readonly skipped: number;
  /** Number of metrics whose command failed. A later run retries them. */
  readonly failed: number;
}

/**
 * Expires the targets whose deadline has passed at `now` (ISO 8601, UTC, ms). The id of each command is derived from the
 * event that set the target, so concurrent sweeps, and sweeps that read old rows, find out early that it has expired. The decider
 * alone would expire it once, too.
 *
 * A run reads the due metrics from the place where the last run stopped to the end, and then from the start to that place. It
 * ends after a bounded number of commands or rows, or when `hasTime`, which is called before every page, returns false. So a
 * metric waits for one round at most, whatever happens to the others. The place is noted before a page is handled: a run
 * that is cut off leaves the rest of its page to the next round, and a page that ends every run cannot stop the others.
 */
export async function sweepDueTargets(
  dependencies: SweepDependencies,
  now: string,
  hasTime: () => boolean,
): Promise<SweepResult> {
  const { readModel, observer } = dependencies;
  const place = notedPlace(dependencies);
  const counts = { expired: 0, settled: 0, skipped: 0, failed: 0 };
  const expire = async (due: ListedRow<MetricRow>): Promise<void> => {
    try {
      counts[await expireTarget(dependencies, due, now)] += 1;
    } catch (error) {
      counts.failed += 1;
      observer.warn('A due target could not be expired. A later sweep retries it.', {
        metric: due.rowId,
        error,
      });
    }
  };
  const isInBounds = (rows: number) =>
    rows < sweepMaxRows && counts.expired + counts.settled + counts.failed < sweepMaxCommands;
  const start = await place.read();
  // The list is shared by all tenants. Keys begin with the deadline. All keys before this instant are due.
  let part: { readonly after?: string | undefined; readonly to: string } = { after: start, to: now };
  for (let rows = 0; isInBounds(rows) && hasTime(); rows += pageRows) {
    const page = await readModel.list('due', { ...part, limit: pageRows });
    await place.note(page.next);
    await forEachConcurrently(page.rows, concurrency, expire);
    const isFirstPart = part.to === now;
    if (page.next !== undefined) part = { ...part, after: page.next };
    else if (isFirstPart && start !== undefined) part = { to: start };
    else break;
  }
  return counts;
}

/** The place of the sweep. A fault of the control table stops no sweep: it begins at the start. */
function notedPlace({ bookmarks, observer }: SweepDependencies) {
  let noted: string | undefined;
  const orWarn = async <Result>(call: Promise<Result>): Promise<Result | undefined> => {
    try {
      return await call;
    } catch (error) {
      observer.warn('The place of the sweep could not be read or noted.', { error });
      return undefined;
    }
  };
  return {
    read: async () => {
      noted = await orWarn(bookmarks.place(bookmark));
      return noted;
    },
    note: async (place: string | undefined) => {
      if (place === noted) return;
      noted = place;
      await orWarn(bookmarks.notePlace(bookmark, place));
    },
  };
}

/** `expired`: this command expired the target. `settled`: it did not need to. `skipped`: that was known. */
async function expireTarget(
  { handler, settled, observer }: SweepDependencies,
  { rowId: id, row: { metric, targetEventId } }: ListedRow<MetricRow>,
  now: string,
): Promise<'expired' | 'settled' | 'skipped'> {
  const { target } = metric;
  if (target === undefined || targetEventId === undefined) return 'settled';
  if (settled.has(targetEventId)) return 'skipped';
  const correlationId = uuidv5(targetEventId, correlationNamespace);
  const command = { type: 'Expire', deadline: target.deadline, now } as const;
  const request = {
    commandId: commandIdOfReaction(sweeper, targetEventId),
    // See `EarlierIdentity`.
    earlier: { commandId: correlationId, actor: sweeper },
    intent: ['Expire', target.deadline],
    now,
    correlationId,
    causationId: targetEventId,
    actor: systemActor(sweeper),
  };
  const details = { stream: streamName(metrics.category, id), consumer: sweeper };
  const result = await observer.step('expire', () => handler.handle([{ id, command }], request), details);
  if (result.outcome === 'committed') return 'expired';
  // The index may be older than the row: its target may have a later deadline, and is not settled then.
  if (target.deadline < now) remember(settled, targetEventId);
  return 'settled';
}

function remember(settled: Set<string>, targetEventId: string): void {
  if (settled.size >= settledMaxTargets) settled.clear();
  settled.add(targetEventId);
}

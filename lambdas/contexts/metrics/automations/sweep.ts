import { v5 as uuidv5 } from 'uuid';
import {
  type CommandHandler,
  commandIdOfReaction,
  forEachConcurrently,
  type ListedRow,
  type Observer,
  type ReadModel,
  systemActor,
} from '../../../kernel/index.ts';
import type { MetricAnswer } from '../api/answers.ts';
import type { MetricEvent } from '../domain/events.ts';
import type { Measurement, Metric, MetricCommand } from '../domain/metric.ts';
import type { MetricRow } from '../read-model/projection.ts';

/** The name of the automation, in its commands. */
const sweeper = 'metrics-sweeper';
/** Namespace of the correlation ids of the sweep's commands (RFC 9562, UUIDv5). */
const correlationNamespace = '1c5b0a52-7a0e-4f0e-8d0a-9d3f3d1b6c11';

/** Maximum number of metrics of one run. The next run continues with the rest. */
export const sweepMaxMetrics = 2_000;
const pageRows = 100;
const concurrency = 8;

/** What a sweep needs. */
export interface SweepDependencies {
  readonly readModel: Pick<ReadModel<MetricRow, Measurement>, 'list'>;
  readonly handler: Pick<CommandHandler<Metric, MetricCommand, MetricEvent, MetricAnswer>, 'handle'>;
  readonly observer: Observer;
}

/** The outcome of a sweep. */
export interface SweepResult {
  /** Number of metrics whose target this run expired. */
  readonly expired: number;
  /** Number of metrics that were still in the list although their target was no longer pending. */
  readonly settled: number;
  /** Number of metrics whose command failed. The next run retries them. */
  readonly failed: number;
}

/**
 * Expires the targets whose deadline has passed at `now` (ISO 8601, UTC, ms). The id of each command is derived from the
 * event that set the target, so concurrent sweeps, and sweeps that read old rows, expire a target once.
 * The run ends when `hasTime`, which is called before every page, returns false.
 */
export async function sweepDueTargets(
  { readModel, handler, observer }: SweepDependencies,
  now: string,
  hasTime: () => boolean,
): Promise<SweepResult> {
  const counts = { expired: 0, settled: 0, failed: 0 };
  const expire = async ({ rowId, row }: ListedRow<MetricRow>): Promise<void> => {
    try {
      counts[(await expireTarget(handler, rowId, row, now)) ? 'expired' : 'settled'] += 1;
    } catch (error) {
      counts.failed += 1;
      observer.warn('A due target could not be expired. The next sweep retries it.', {
        metric: rowId,
        error,
      });
    }
  };
  let after: string | undefined;
  for (let seen = 0; seen < sweepMaxMetrics && hasTime(); seen += pageRows) {
    // The list is shared by all tenants. Keys begin with the deadline. All keys before this instant are due.
    const page = await readModel.list('due', { to: now, after, limit: pageRows });
    await forEachConcurrently(page.rows, concurrency, expire);
    if (page.next === undefined) break;
    after = page.next;
  }
  return counts;
}

/** True if this command expired the target. */
async function expireTarget(
  handler: SweepDependencies['handler'],
  id: string,
  { metric, targetEventId }: MetricRow,
  now: string,
): Promise<boolean> {
  const { target } = metric;
  if (target === undefined || targetEventId === undefined) return false;
  const correlationId = uuidv5(targetEventId, correlationNamespace);
  const result = await handler.handle([{ id, command: { type: 'Expire', deadline: target.deadline, now } }], {
    commandId: commandIdOfReaction(sweeper, targetEventId),
    // See `EarlierIdentity`.
    earlier: { commandId: correlationId, actor: sweeper },
    intent: ['Expire', target.deadline],
    now,
    correlationId,
    causationId: targetEventId,
    actor: systemActor(sweeper),
  });
  return result.outcome === 'committed';
}

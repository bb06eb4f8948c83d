import { type CaughtUpRow, catchUpRow, type RowSources, UnfoldableError } from './catch-up-row.ts';
import { keyOfStream, type StreamName } from './commit.ts';
import { forEachConcurrently } from './concurrency.ts';
import type { DomainEvent } from './decider.ts';
import type { Effects } from './effects.ts';
import { isEventSourcingError } from './errors.ts';
import type { VersionedRow } from './fold.ts';
import { type CausedStep, eventOf, failAll, nameOf } from './observer.ts';
import { isOutage } from './outage.ts';
import { backoff, type RetryPolicy } from './retry.ts';
import type { StreamUpdate } from './stream-updates.ts';

/** Maximum number of streams that are projected at the same time. */
const maxConcurrentStreams = 16;

/**
 * What a stream is projected in. `project` gets the steps to report to, and resolves with what became of the stream in this generation.
 */
export type AroundStream = (
  update: StreamUpdate,
  project: (steps: readonly CausedStep[]) => Promise<StreamOutcome>,
) => Promise<StreamOutcome>;

/** What projecting into one generation needs. */
export interface RowProjectorOptions<Event extends DomainEvent, Row, Line>
  extends RowSources<Event, Row, Line> {
  readonly effects: Pick<Effects, 'delay' | 'random'>;
  readonly retry: RetryPolicy;
  /** Default: nothing. */
  readonly around?: AroundStream;
}

/** What became of a stream in one generation. */
export type StreamOutcome =
  | (CaughtUpRow & { readonly outcome: 'saved' | 'unchanged' })
  /** An outage, or others kept changing the row. The records must be delivered again. */
  | { readonly outcome: 'failed' }
  /** It cannot be folded, or another fault remains after all attempts. */
  | { readonly outcome: 'faulty'; readonly error: unknown };

/** Other projectors changed the row in every attempt. Nothing is wrong with the stream. */
class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

/**
 * The rows of a batch by id. `separately`: they could not be read together, so each is read separately.
 * `LoadError`: no row can be read for now.
 */
type LoadedRows<Row> = ReadonlyMap<string, VersionedRow<Row>> | 'separately' | LoadError;

/** An outage. */
class LoadError extends Error {
  override readonly name = 'LoadError';
}

/** Updates the rows of one generation. It does not park: whoever calls it decides what follows from the outcomes. */
export class RowProjector<Event extends DomainEvent, Row, Line> {
  readonly #sources: RowSources<Event, Row, Line>;
  readonly #effects: Pick<Effects, 'delay' | 'random'>;
  readonly #retry: RetryPolicy;
  readonly #around: AroundStream;

  constructor({ effects, retry, around, ...sources }: RowProjectorOptions<Event, Row, Line>) {
    this.#sources = sources;
    this.#effects = effects;
    this.#retry = retry;
    this.#around = around ?? ((_update, project) => project([]));
  }

  /** Updates the rows of these streams to at least the version of their update. Each stream has an outcome. */
  async project(batch: readonly StreamUpdate[]): Promise<ReadonlyMap<StreamName, StreamOutcome>> {
    const outcomes = new Map<StreamName, StreamOutcome>();
    if (batch.length === 0) return outcomes;
    const rows = await this.#loadAll(batch);
    await forEachConcurrently(batch, maxConcurrentStreams, async (update) => {
      const project = (steps: readonly CausedStep[]) => this.#outcomeOf(update, rows, steps);
      outcomes.set(update.stream, await this.#around(update, project));
    });
    return outcomes;
  }

  async #outcomeOf(
    update: StreamUpdate,
    rows: LoadedRows<Row>,
    steps: readonly CausedStep[],
  ): Promise<StreamOutcome> {
    if (rows instanceof LoadError) {
      failAll(steps, rows.cause);
      return { outcome: 'failed' };
    }
    try {
      return await this.#projectStream(update, rows, steps);
    } catch (error) {
      failAll(steps, error);
      if (error instanceof ContentionError) return { outcome: 'failed' };
      if (isHopeless(error) || !isOutage(error)) return { outcome: 'faulty', error };
      this.#warnOfOutage({ stream: update.stream, error });
      return { outcome: 'failed' };
    }
  }

  async #projectStream(
    update: StreamUpdate,
    rows: Exclude<LoadedRows<Row>, LoadError>,
    steps: readonly CausedStep[],
  ): Promise<StreamOutcome> {
    const { maxAttempts } = this.#retry;
    const id = keyOfStream(update.stream);
    let isLoaded = rows !== 'separately';
    let stored = rows === 'separately' ? undefined : rows.get(id);
    for (let attempt = 1; ; attempt += 1) {
      let reason: string;
      try {
        if (!isLoaded) stored = await this.#loadOne(id);
        const { outcome, ...row } = await catchUpRow(this.#sources, update, stored);
        if (outcome !== 'stale') return { outcome, ...row };
        if (attempt >= maxAttempts) throw new ContentionError('Others changed the row in every attempt.');
        reason = outcome;
      } catch (error) {
        if (attempt >= maxAttempts || isHopeless(error)) throw error;
        reason = nameOf(error);
      }
      await backoff(attempt, this.#retry, this.#effects);
      eventOf(steps, 'retry', { attempt: attempt + 1, reason });
      isLoaded = false;
    }
  }

  /** All rows of a batch in few calls. In an outage it tries again, as often as for one stream. */
  async #loadAll(batch: readonly StreamUpdate[]): Promise<LoadedRows<Row>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#sources.readModel.load(batch.map(({ stream }) => keyOfStream(stream)));
      } catch (error) {
        // One row is unreadable. The others must still be projected.
        if (!isOutage(error)) return 'separately';
        if (attempt >= this.#retry.maxAttempts) {
          this.#warnOfOutage({ streams: batch.length, error });
          return new LoadError('No row can be read for now.', { cause: error });
        }
        await backoff(attempt, this.#retry, this.#effects);
        this.#sources.observer.event('retry', { attempt: attempt + 1, reason: nameOf(error) });
      }
    }
  }

  async #loadOne(id: string): Promise<VersionedRow<Row> | undefined> {
    return (await this.#sources.readModel.load([id])).get(id);
  }

  #warnOfOutage(details: Readonly<Record<string, unknown>>): void {
    const consumer = this.#sources.projection.name;
    const message = 'An outage stops a projector. The records will be delivered again.';
    this.#sources.observer.warn(message, { consumer, ...details });
  }
}

/** True if another attempt gives the same result: the commits of the stream cannot be read or folded. */
function isHopeless(error: unknown): boolean {
  return (
    error instanceof UnfoldableError ||
    isEventSourcingError(error, 'unreadable-event') ||
    isEventSourcingError(error, 'log-changed')
  );
}

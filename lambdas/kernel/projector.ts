import { catchUpRow, type RowSources, UnfoldableError } from './catch-up-row.ts';
import { keyOfStream, type StreamName } from './commit.ts';
import { forEachConcurrently } from './concurrency.ts';
import type { DomainEvent } from './decider.ts';
import type { Effects } from './effects.ts';
import { isEventSourcingError, messageOf } from './errors.ts';
import type { VersionedRow } from './fold.ts';
import { silentObserver } from './observer.ts';
import { isOutage } from './outage.ts';
import { type Parked, tryPark } from './parking.ts';
import { backoff, type RetryPolicy } from './retry.ts';
import type { StreamUpdate } from './stream-updates.ts';

/** What a projector needs. */
export interface ProjectorOptions<Event extends DomainEvent, Row, Line>
  extends Omit<RowSources<Event, Row, Line>, 'observer'> {
  readonly effects: Pick<Effects, 'delay' | 'random'>;
  /**
   * Attempts per stream, whether another projector changed the row or a call failed.
   * Default, each field by itself: {@link defaultProjectorRetry}.
   */
  readonly retry?: Partial<RetryPolicy>;
  /** Default: none. */
  readonly observer?: RowSources<Event, Row, Line>['observer'];
}

/** 5 attempts; waits of at most 40 ms after the first, and of at most 320 ms later. */
export const defaultProjectorRetry: RetryPolicy = { maxAttempts: 5, firstWaitMs: 40, longestWaitMs: 320 };

/** Parked entries that a redrive reads together. */
const parkedPage = 100;

/** Maximum number of streams that are projected at the same time. */
const maxConcurrentStreams = 16;

/** The outcome for the streams of a batch. */
export interface ProjectedBatch {
  /** Number of streams whose rows now reflect the update. */
  readonly projected: number;
  /** Streams that were parked, each with a reason. */
  readonly parked: readonly StreamName[];
  /** Streams whose records must be delivered again: an outage, others kept changing the row, or parking failed. */
  readonly failed: readonly StreamName[];
}

/** The outcome of a redrive. */
export interface RedrivenStreams extends ProjectedBatch {
  /** The last subject that was tried, if others may be behind it. The next redrive continues after it. */
  readonly next?: string;
}

/** Other projectors changed the row in every attempt. Nothing is wrong with the stream. */
class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

/**
 * The rows of a batch by id. `separately`: they could not be read together, so each is read separately.
 * `outage`: no row can be read for now.
 */
type LoadedRows<Row> = ReadonlyMap<string, VersionedRow<Row>> | 'separately' | 'outage';

/**
 * Updates one generation of a read model with new commits. It skips duplicates by version, reads gaps from the log and
 * writes each row once per batch. Streams are independent: one that fails does not stop the others. A stream that an
 * outage stops is reported as failed and never parked. What cannot be folded is parked, and so is any other fault that
 * remains after all attempts.
 */
export class Projector<Event extends DomainEvent, Row, Line> {
  readonly #sources: RowSources<Event, Row, Line>;
  readonly #effects: Pick<Effects, 'delay' | 'random'>;
  readonly #retry: RetryPolicy;

  constructor({ effects, retry, ...sources }: ProjectorOptions<Event, Row, Line>) {
    this.#sources = { ...sources, observer: sources.observer ?? silentObserver };
    this.#effects = effects;
    this.#retry = { ...defaultProjectorRetry, ...retry };
  }

  /** The projection's name, under which it parks. */
  get name(): string {
    return this.#sources.projection.name;
  }

  /** Updates the rows of these streams to at least the version of their update. */
  async project(batch: readonly StreamUpdate[]): Promise<ProjectedBatch> {
    return this.#sources.observer.step('project', async () => {
      const rows = await this.#loadAll(batch);
      if (rows === 'outage') return { projected: 0, parked: [], failed: batch.map(({ stream }) => stream) };
      const parked: StreamName[] = [];
      const failed: StreamName[] = [];
      await forEachConcurrently(batch, maxConcurrentStreams, async (update) => {
        const outcome = await this.#projectOrPark(update, rows);
        if (outcome === 'parked') parked.push(update.stream);
        if (outcome === 'failed') failed.push(update.stream);
      });
      return { projected: batch.length - parked.length - failed.length, parked, failed };
    });
  }

  /**
   * Tries parked streams again, at most `limit`: catches their rows up from the log. Those that succeed leave the
   * parking lot. The others stay, with the new reason.
   * @param after only streams after this one, in the order of their names. Default: all of the category. Throws if it is
   * no stream of the category.
   */
  async redrive(limit: number, after?: string): Promise<RedrivenStreams> {
    const { projection, parkingLot } = this.#sources;
    const prefix = `${projection.category}/`;
    if (after !== undefined && !after.startsWith(prefix)) {
      throw new RangeError(
        `A redrive of ${projection.name} continues after a stream whose name begins with ${prefix}.`,
      );
    }
    const streams = await this.#parkedStreams(limit, after ?? prefix);
    const result = await this.project(
      streams.map(({ subject, version = 0 }) => ({
        stream: subject as StreamName,
        commits: [],
        reachedVersion: version,
      })),
    );
    const unresolved = new Set<string>([...result.parked, ...result.failed]);
    const resolved = streams.filter(({ subject }) => !unresolved.has(subject));
    await Promise.all(
      resolved.map(({ subject, version }) => parkingLot.release(projection.name, subject, version)),
    );
    const last = streams.length < limit ? undefined : streams.at(-1);
    return { ...result, ...(last && { next: last.subject }) };
  }

  /** Only streams. A parked record names no stream, so a person must discard it. */
  async #parkedStreams(limit: number, start: string): Promise<readonly Parked[]> {
    const { projection, parkingLot } = this.#sources;
    const prefix = `${projection.category}/`;
    const streams: Parked[] = [];
    for (let after = start; streams.length < limit; ) {
      // In pages, because the entries of records after the last stream may be large.
      const size = Math.min(parkedPage, limit - streams.length);
      const page = await parkingLot.list(projection.name, { limit: size, after });
      const own = page.filter(({ subject }) => subject.startsWith(prefix));
      streams.push(...own);
      if (own.length < size) break;
      after = own.at(-1)?.subject ?? after;
    }
    return streams;
  }

  async #projectOrPark(
    update: StreamUpdate,
    rows: Exclude<LoadedRows<Row>, 'outage'>,
  ): Promise<'projected' | 'parked' | 'failed'> {
    try {
      await this.#projectStream(update, rows);
      return 'projected';
    } catch (error) {
      if (error instanceof ContentionError) return 'failed';
      if (!isHopeless(error) && isOutage(error)) {
        this.#warnOfOutage({ stream: update.stream, error });
        return 'failed';
      }
      const { stream: subject, reachedVersion: version } = update;
      const consumer = this.#sources.projection.name;
      const parked = { consumer, subject, version, reason: messageOf(error) };
      return (await tryPark(this.#sources, parked, { error })) ? 'parked' : 'failed';
    }
  }

  async #projectStream(update: StreamUpdate, rows: Exclude<LoadedRows<Row>, 'outage'>): Promise<void> {
    const { maxAttempts } = this.#retry;
    const id = keyOfStream(update.stream);
    let isLoaded = rows !== 'separately';
    let stored = rows === 'separately' ? undefined : rows.get(id);
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (!isLoaded) stored = await this.#loadOne(id);
        if ((await catchUpRow(this.#sources, update, stored)) === 'saved') return;
        if (attempt >= maxAttempts) throw new ContentionError('Others changed the row in every attempt.');
      } catch (error) {
        if (attempt >= maxAttempts || isHopeless(error)) throw error;
      }
      await backoff(attempt, this.#retry, this.#effects);
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
          return 'outage';
        }
        await backoff(attempt, this.#retry, this.#effects);
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

import type { RowSources } from './catch-up-row.ts';
import type { StreamName } from './commit.ts';
import type { DomainEvent } from './decider.ts';
import type { Effects } from './effects.ts';
import { silentObserver } from './observer.ts';
import type { ParkingLot } from './parking.ts';
import { projectStep } from './project-step.ts';
import type { WrittenRows } from './read-model.ts';
import { type ParkedStreams, parkedStreams } from './redrive.ts';
import type { RetryPolicy } from './retry.ts';
import { type AroundStream, RowProjector } from './row-projector.ts';
import { Settling } from './settle-streams.ts';
import type { StreamUpdate } from './stream-updates.ts';

/** What a projector of every written generation needs. */
export interface GenerationalProjectorOptions<Event extends DomainEvent, Row, Line>
  extends Omit<RowSources<Event, Row, Line>, 'observer' | 'readModel'> {
  /** The rows of every generation that is written, the active one first. Called for every batch. */
  readonly generations: () => Promise<readonly WrittenRows<Row, Line>[]>;
  readonly parkingLot: ParkingLot;
  readonly effects: Pick<Effects, 'delay' | 'random'>;
  /**
   * Attempts per stream and generation, whether another projector changed the row or a call failed.
   * Default, each field by itself: {@link defaultProjectorRetry}.
   */
  readonly retry?: Partial<RetryPolicy>;
  /** Default: none. */
  readonly observer?: RowSources<Event, Row, Line>['observer'];
}

/** What a projector of one generation needs. */
export type ProjectorOptions<Event extends DomainEvent, Row, Line> = Omit<
  GenerationalProjectorOptions<Event, Row, Line>,
  'generations'
> & { readonly readModel: WrittenRows<Row, Line> };

/** 5 attempts; waits of at most 40 ms after the first, and of at most 320 ms later. */
export const defaultProjectorRetry: RetryPolicy = { maxAttempts: 5, firstWaitMs: 40, longestWaitMs: 320 };

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
  /** Number of projected streams of which a row was written. */
  readonly changed: number;
  /** Number of projected streams whose rows were up to date: nothing was written. */
  readonly unchanged: number;
  /** The last subject that was tried, if others may be behind it. The next redrive continues after it. */
  readonly next?: string;
}

/**
 * Updates every written generation of a read model with new commits. It skips duplicates by version, reads gaps from the log and
 * writes each row once per batch. Streams are independent: one that fails does not stop the others. The active generation is
 * updated first, so another one does not hold it up. A stream fails if it fails in one of them, and is parked once if it cannot be
 * folded in one of them. A stream that an outage stops is reported as failed and never parked. What cannot be folded is
 * parked, and so is any other fault that remains after all attempts.
 */
export class GenerationalProjector<Event extends DomainEvent, Row, Line> {
  readonly #options: GenerationalProjectorOptions<Event, Row, Line> &
    Pick<RowSources<Event, Row, Line>, 'observer'>;

  constructor(options: GenerationalProjectorOptions<Event, Row, Line>) {
    this.#options = { ...options, observer: options.observer ?? silentObserver };
  }

  /** The projection's name, under which it parks. */
  get name(): string {
    return this.#options.projection.name;
  }

  /**
   * Updates the rows of these streams to at least the version of their update. If it is not known which generations are written,
   * all streams fail, whatever the reason: nothing is written, and nothing is parked.
   */
  async project(batch: readonly StreamUpdate[]): Promise<ProjectedBatch> {
    const { observer, generations } = this.#options;
    let written: readonly WrittenRows<Row, Line>[];
    try {
      written = await generations();
    } catch (error) {
      const message =
        'The generations of a read model could not be read. The records will be delivered again.';
      observer.warn(message, { consumer: this.name, error });
      return { projected: 0, parked: [], failed: batch.map(({ stream }) => stream) };
    }
    const { projected, parked, failed } = await this.#projectInto(written, batch);
    return { projected, parked, failed };
  }

  /**
   * Tries parked streams again, at most `limit`: catches their rows up from the log, in every written generation. Those that
   * succeed leave the parking lot. The others stay, with the new reason. Throws if the generations cannot be read.
   * @param after only streams after this one, in the order of their names. Default: all of the category. Throws if it is
   * no stream of the category.
   */
  async redrive(limit: number, after?: string): Promise<RedrivenStreams> {
    const { projection, parkingLot, generations } = this.#options;
    const { streams, ...next }: ParkedStreams = await parkedStreams(this.#options, limit, after);
    const written = await generations();
    const { projected, changed, parked, failed } = await this.#projectInto(
      written,
      streams.map(({ subject, version = 0 }) => ({
        stream: subject as StreamName,
        commits: [],
        reachedVersion: version,
      })),
    );
    const unresolved = new Set<string>([...parked, ...failed]);
    const resolved = streams.filter(({ subject }) => !unresolved.has(subject));
    await Promise.all(
      resolved.map(({ subject, version }) => parkingLot.release(projection.name, subject, version)),
    );
    return { projected, changed, unchanged: projected - changed, parked, failed, ...next };
  }

  /** Into the active generation, and then into the others at the same time. */
  async #projectInto(generations: readonly WrittenRows<Row, Line>[], batch: readonly StreamUpdate[]) {
    const settling = new Settling(this.#options, batch, generations.length);
    const projectInto = async (readModel: WrittenRows<Row, Line>, updates: readonly StreamUpdate[]) => {
      const { effects, retry, projection, log, observer } = this.#options;
      const policy = { ...defaultProjectorRetry, ...retry };
      const generation = generations.length > 1 ? await readModel.generation?.() : undefined;
      const details = { consumer: this.name, ...(generation !== undefined && { generation }) };
      const around: AroundStream = (update, project) =>
        projectStep(observer, update, details, async (steps) => {
          const outcome = await project(steps);
          await settling.note(update.stream, outcome, steps);
          return outcome;
        });
      const options = { projection, log, observer, readModel, effects, retry: policy, around };
      await new RowProjector(options).project(updates);
    };
    const [active, ...others] = generations;
    if (active === undefined) throw new Error('No generation of the read model is written.');
    await projectInto(active, batch);
    // What failed comes again, into every generation.
    const open = batch.filter(({ stream }) => settling.outcomeOf(stream)?.outcome !== 'failed');
    // Reading the log may have led the active generation further. The others follow, so that no row goes back at a switch.
    const reached = open.map((update) => {
      const outcome = settling.outcomeOf(update.stream);
      const version = outcome && 'version' in outcome ? outcome.version : 0;
      return { ...update, reachedVersion: Math.max(update.reachedVersion, version) };
    });
    await Promise.all(others.map((other) => projectInto(other, reached)));
    return settling.result();
  }
}

/** Updates one generation of a read model with new commits. */
export class Projector<Event extends DomainEvent, Row, Line> extends GenerationalProjector<Event, Row, Line> {
  constructor({ readModel, ...options }: ProjectorOptions<Event, Row, Line>) {
    super({ ...options, generations: async () => [readModel] });
  }
}

import type { StreamName } from './commit.ts';
import { messageOf } from './errors.ts';
import type { CausedStep } from './observer.ts';
import { type Parking, parkingIn, tryPark } from './parking.ts';
import type { StreamOutcome } from './row-projector.ts';
import type { StreamUpdate } from './stream-updates.ts';

/** What became of a stream in all generations together. */
export type JointOutcome = StreamOutcome & {
  /** The active generation is right: queries do not show the fault. */
  readonly isActiveRight?: boolean;
};

/** What settling needs. */
export interface SettleOptions extends Parking {
  readonly projection: { readonly name: string };
}

/** The outcome for the streams of a batch, with the number of those of which a row was written. */
export interface SettledBatch {
  readonly projected: number;
  readonly changed: number;
  readonly parked: readonly StreamName[];
  readonly failed: readonly StreamName[];
}

/**
 * The outcome in the generations so far, the active one first, and in another one: `failed` before `faulty`, because the records come again anyway; then `saved`. The version is that of
 * the generation that is behind.
 */
export function combined(one: JointOutcome | undefined, other: StreamOutcome): JointOutcome {
  if (one === undefined || one.outcome === 'failed') return one ?? other;
  if (other.outcome === 'failed') return other;
  if (one.outcome === 'faulty') return one;
  if (other.outcome === 'faulty') return { ...other, isActiveRight: true };
  return {
    outcome: one.outcome === 'saved' || other.outcome === 'saved' ? 'saved' : 'unchanged',
    version: Math.min(one.version, other.version),
    isFromLog: one.isFromLog || other.isFromLog,
  };
}

/** Settles the streams of a batch: parks what is faulty, once, and releases streams that are complete again. */
export class Settling {
  readonly #options: SettleOptions;
  readonly #generations: number;
  readonly #batch: ReadonlyMap<StreamName, StreamUpdate>;
  readonly #outcomes = new Map<StreamName, JointOutcome>();
  readonly #noted = new Map<StreamName, number>();
  readonly #parked = new Set<StreamName>();
  readonly #unparked = new Set<StreamName>();

  /** `generations`: the number of those that are written. */
  constructor(options: SettleOptions, batch: readonly StreamUpdate[], generations: number) {
    this.#options = options;
    this.#generations = generations;
    this.#batch = new Map(batch.map((update) => [update.stream, update]));
  }

  /** The outcome of a stream so far. */
  outcomeOf(stream: StreamName): JointOutcome | undefined {
    return this.#outcomes.get(stream);
  }

  /** Notes the outcome of a stream in one generation, the active one first. After the last it settles the stream, in the steps of that one. */
  async note(stream: StreamName, outcome: StreamOutcome, steps: readonly CausedStep[]): Promise<void> {
    const joint = combined(this.#outcomes.get(stream), outcome);
    const noted = (this.#noted.get(stream) ?? 0) + 1;
    this.#outcomes.set(stream, joint);
    this.#noted.set(stream, noted);
    if (noted === this.#generations) await this.#settle(stream, joint, steps);
  }

  /** What became of the batch. A stream that was not settled must come again. */
  result(): SettledBatch {
    const streams = [...this.#batch.keys()];
    const isFailed = (stream: StreamName) =>
      this.#unparked.has(stream) || (this.#outcomes.get(stream)?.outcome ?? 'failed') === 'failed';
    const failed = streams.filter(isFailed);
    const changed = streams.filter((stream) => this.#outcomes.get(stream)?.outcome === 'saved').length;
    const parked = [...this.#parked];
    return { projected: streams.length - parked.length - failed.length, changed, parked, failed };
  }

  async #settle(stream: StreamName, joint: JointOutcome, steps: readonly CausedStep[]): Promise<void> {
    if (joint.outcome === 'failed') return;
    if (joint.outcome !== 'faulty') {
      if (joint.isFromLog) await release(this.#options, stream, joint.version);
      return;
    }
    const { error, isActiveRight = false } = joint;
    const reason = (isActiveRight ? 'In a generation that is not active: ' : '') + messageOf(error);
    const version = this.#batch.get(stream)?.reachedVersion;
    const entry = { consumer: this.#options.projection.name, subject: stream, version, reason };
    const isParked = await tryPark(parkingIn(steps, this.#options), entry, { error });
    (isParked ? this.#parked : this.#unparked).add(stream);
  }
}

/**
 * A parked stream has a gap, so its next commit is read from the log. Its rows are complete now. If the entry cannot be removed, it
 * stays until a redrive.
 */
async function release(
  { projection, parkingLot, observer }: SettleOptions,
  stream: StreamName,
  version: number,
): Promise<void> {
  try {
    await parkingLot.release(projection.name, stream, version);
  } catch (error) {
    const details = { consumer: projection.name, subject: stream, error };
    observer.warn('A stream is complete again, but its parked entry could not be removed.', details);
  }
}

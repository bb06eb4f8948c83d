import type { ReadModelName, VerifierReport } from '../../../schema/projections.ts';
import {
  categoryOfStream,
  type Effects,
  type EventLog,
  forEachConcurrently,
  type GenerationsStore,
  type History,
  isEventSourcingError,
  type StreamName,
} from '../../kernel/index.ts';
import {
  type AnyTarget,
  type Partitions,
  type VerifySources,
  verifyStream,
} from '../../kernel/verify/index.ts';
import { type CheckedRequest, type Cursor, encoded } from './request.ts';
import { sampleStreams } from './sample-streams.ts';
import { Tally } from './tally.ts';
import type { LoadVerifiedModel, VerifiedModel } from './verified-model.ts';

/** Streams that are compared at the same time. */
const concurrency = 8;

/** Streams of one page of a walk. */
const pageStreams = 40;

/** What a verifier needs. */
export interface VerifierDependencies extends Omit<VerifySources, 'now'> {
  readonly load: LoadVerifiedModel;
  readonly generations: Pick<GenerationsStore, 'read'>;
  readonly log: Pick<EventLog, 'read'>;
  readonly streams: Partitions;
  readonly effects: Pick<Effects, 'now' | 'newId'>;
  /** Size of a sample of each read model, if the request names none. */
  readonly sample: number;
  /** Events after which a sample ends. The streams that are being compared then are skipped. */
  readonly sampleMaxEvents: number;
}

/** A read model, and its active generation. */
type ActiveModel = VerifiedModel & { readonly generation: string };

interface Run {
  readonly models: readonly ActiveModel[];
  /** False: the run should end. */
  readonly hasTime: () => boolean;
}

/** A stream, and rows of it. */
interface Check {
  readonly target: AnyTarget;
  readonly stream: StreamName;
  /** Default: that of all streams. */
  readonly history?: History;
}

class OverBudgetError extends Error {
  override readonly name = 'OverBudgetError';
}

/** Compares what the active generations of read models store with a fresh fold of the log. It only reads. */
export class Verifier {
  readonly #dependencies: VerifierDependencies;

  constructor(dependencies: VerifierDependencies) {
    this.#dependencies = dependencies;
  }

  /** Answers a request. `hasTime`: false when the invocation should end. Throws in an outage. */
  async answer(request: CheckedRequest, hasTime: () => boolean): Promise<VerifierReport> {
    const { load, generations, sample } = this.#dependencies;
    const models = await Promise.all(
      request.readModels.map(async (name) => ({
        ...(await load(name)),
        generation: (await generations.read(name)).active,
      })),
    );
    const run = { models, hasTime };
    return request.sample === 'all'
      ? this.#walk(run, request.cursor ?? {})
      : this.#sample(run, request.sample ?? sample);
  }

  async #sample(run: Run, count: number): Promise<VerifierReport> {
    const { streams, effects, sampleMaxEvents } = this.#dependencies;
    const tally = new Tally();
    let events = 0;
    const isOver = () => events >= sampleMaxEvents || !run.hasTime();
    for (const model of run.models) {
      if (isOver()) break;
      const { newId } = effects;
      const sampled = await sampleStreams(streams, model, model.generation, { count, newId });
      await this.#compare(
        sampled.flatMap((stream) => checksOfRow(model, stream)),
        tally,
        (read) => {
          events += read;
          return isOver();
        },
      );
    }
    return tally.report();
  }

  /** All streams of the log, then all rows, page by page. */
  async #walk(run: Run, from: Cursor): Promise<VerifierReport> {
    const tally = new Tally();
    let isFirst = true;
    for (let place: Cursor | undefined = from; place !== undefined; isFirst = false) {
      const { checks, next }: { checks: readonly Check[]; next: Cursor | undefined } = await this.#page(
        run,
        place,
      );
      const ofPage = new Tally();
      const { begun, ended } = await this.#compare(checks, ofPage, () => !run.hasTime());
      // What did not fit into this invocation is the work of the next one. What does not fit into a whole one is skipped.
      if (ended < checks.length && !isFirst) return { ...tally.report(), cursor: encoded(place) };
      ofPage.skip(checks.length - begun);
      tally.add(ofPage.report());
      place = next;
      if (place && !run.hasTime()) return { ...tally.report(), cursor: encoded(place) };
    }
    return tally.report();
  }

  async #page({ models }: Run, { rows, after }: Cursor) {
    const model = models.find(({ name }) => name === rows);
    const partitions = model?.partitions ?? this.#dependencies.streams;
    const page = await partitions.after(after, pageStreams);
    const last = page.partitions.at(-1);
    const next: Cursor | undefined = page.isEnd
      ? nextPart(
          models.map(({ name }) => name),
          rows,
        )
      : { ...(rows && { rows }), ...(last !== undefined && { after: last }) };
    if (model === undefined) {
      const checks = page.partitions.flatMap((stream) =>
        models.flatMap((each) => checksOf(each, stream as StreamName)),
      );
      return { checks, next };
    }
    // Streams of the log were compared before. What is left are rows without a stream.
    const streams = page.partitions.flatMap((partition) => model.streamOf(model.generation, partition) ?? []);
    const surplus: Check[] = [];
    await forEachConcurrently(streams, concurrency, async (stream) => {
      if (!(await this.#exists(stream))) surplus.push(...checksOfRow(model, stream));
    });
    return { checks: surplus, next };
  }

  async #exists(stream: StreamName): Promise<boolean> {
    try {
      for await (const page of this.#dependencies.log.read(stream, { pageSize: 1 })) return page.length > 0;
      return false;
    } catch (error) {
      if (isEventSourcingError(error)) return true;
      throw error;
    }
  }

  /**
   * Compares streams. `isOver` is told the number of events that were read, and says whether to end. Streams that were begun and not
   * ended are skipped. Returns how many were begun and ended.
   */
  async #compare(checks: readonly Check[], tally: Tally, isOver: (events: number) => boolean) {
    const { parkingLot, effects } = this.#dependencies;
    const onEvents = (count: number) => {
      if (isOver(count)) throw new OverBudgetError('The time or the events of this invocation are used up.');
    };
    const counts = { begun: 0, ended: 0 };
    await forEachConcurrently(checks, concurrency, async (check) => {
      if (isOver(0)) return;
      counts.begun += 1;
      const { target, stream, history = this.#dependencies.history } = check;
      try {
        const sources = { history, parkingLot, now: effects.now, onEvents };
        tally.note(target, stream, await verifyStream(sources, target, stream));
        counts.ended += 1;
      } catch (error) {
        if (!(error instanceof OverBudgetError)) throw error;
        tally.skip(1);
      }
    });
    return counts;
  }
}

/** Where a walk goes on after the end of a part: to the rows of the first read model, then to those of the next. */
function nextPart(names: readonly ReadModelName[], rows: ReadModelName | undefined): Cursor | undefined {
  const next = names[rows === undefined ? 0 : names.indexOf(rows) + 1];
  return next && { rows: next };
}

/** The rows of a stream of the log in a read model. */
function checksOf({ targetIn, generation }: ActiveModel, stream: StreamName): readonly Check[] {
  const target = targetIn(generation, categoryOfStream(stream));
  return target ? [{ target, stream }] : [];
}

/** The rows of a stream that the read model has. If no projection makes them, they are compared with no events: they are surplus. */
function checksOfRow(model: ActiveModel, stream: StreamName): readonly Check[] {
  const own = checksOf(model, stream);
  const [category = ''] = model.categories;
  const target = own.length > 0 ? undefined : model.targetIn(model.generation, category);
  return target ? [{ target, stream, history: noHistory }] : own;
}

const noHistory: History = {
  read: async function* () {
    // No events.
  },
};

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
  type VerifiedStream,
  type VerifySources,
  verifyStream,
} from '../../kernel/verify/index.ts';
import { type CheckedRequest, type Cursor, encoded } from './request.ts';
import { sampleStreams } from './sample-streams.ts';
import { Tally } from './tally.ts';
import type { ActiveModel, LoadVerifiedModel } from './verified-model.ts';

/** Streams that are compared at the same time. */
const concurrency = 8;

/** Streams with more events than this are compared one by one. */
const longStreamEvents = 50_000;

/** Streams with more events than this are not compared: their lines might not fit into the memory. Repeated comparisons count too. */
const maxStreamEvents = 4_000_000;

/** Streams of one page of a walk. */
const pageStreams = 40;

/** What a verifier needs. */
export interface VerifierDependencies extends Omit<VerifySources, 'now'> {
  readonly load: LoadVerifiedModel;
  readonly generations: Pick<GenerationsStore, 'read'>;
  readonly log: Pick<EventLog, 'read'>;
  readonly streams: Partitions;
  readonly effects: Pick<Effects, 'now' | 'newId' | 'random'>;
  /** Size of a sample of each read model, if the request names none. */
  readonly sample: number;
  /** Events after which a sample ends, of all read models. Streams that are being compared then are left out. */
  readonly sampleMaxEvents: number;
}

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

/** A partition of the log or of a read model, and the comparisons that it causes. */
interface WalkedPart {
  readonly partition: string;
  readonly checks: readonly Check[];
}

interface WalkedPage {
  readonly parts: readonly WalkedPart[];
  /** Undefined at the end of the last table. */
  readonly next: Cursor | undefined;
}

/** A comparison was ended. */
class EndedError extends Error {
  override readonly name = 'EndedError';
  readonly reason: 'too long' | 'no time';

  constructor(reason: 'too long' | 'no time') {
    super(`The comparison was ended: ${reason}.`);
    this.reason = reason;
  }
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
    // A share for each, so that the long streams of one do not keep the others from their turn.
    const maxEvents = sampleMaxEvents / run.models.length;
    for (const model of run.models) {
      let events = 0;
      const isOver = () => events >= maxEvents || !run.hasTime();
      if (isOver()) break;
      const { newId, random } = effects;
      const sampled = await sampleStreams(streams, model, { count, newId, random });
      const checks = sampled.flatMap((stream) => checksOfRow(model, stream));
      const found = await this.#compare(checks, (read) => {
        events += read;
        return isOver();
      });
      for (const [check, result] of found) tally.note(check, result);
    }
    return tally.report();
  }

  /** All streams of the log, then all rows, page by page. */
  async #walk(run: Run, from: Cursor): Promise<VerifierReport> {
    const tally = new Tally();
    let isFirst = true;
    for (let place: Cursor | undefined = from; place !== undefined; isFirst = false) {
      const { parts, next }: WalkedPage = await this.#page(run, place);
      const checks = parts.flatMap((part) => part.checks);
      const found = await this.#compare(checks, () => !run.hasTime());
      const cut = parts.findIndex((part) => !part.checks.every((check) => found.has(check)));
      // A whole invocation is too short for the first part, so the next one would not get further.
      const skipped = cut === 0 && isFirst ? 1 : 0;
      const handled = cut === -1 ? parts : parts.slice(0, cut + skipped);
      for (const check of handled.flatMap((part) => part.checks)) tally.note(check, found.get(check));
      if (cut !== -1) {
        return { ...tally.report(), cursor: encoded({ ...place, ...after(handled.at(-1)?.partition) }) };
      }
      place = next;
      if (place && !run.hasTime()) return { ...tally.report(), cursor: encoded(place) };
    }
    return tally.report();
  }

  async #page({ models }: Run, { rows, after: partition }: Cursor): Promise<WalkedPage> {
    const model = models.find(({ name }) => name === rows);
    const page = await (model?.partitions ?? this.#dependencies.streams).after(partition, pageStreams);
    const parts = model
      ? await this.#surplusRows(model, page.partitions)
      : page.partitions.map((stream) => ({
          partition: stream,
          checks: models.flatMap((each) => checksOf(each, stream as StreamName)),
        }));
    const next = page.isEnd
      ? nextTable(
          models.map(({ name }) => name),
          rows,
        )
      : { ...(rows && { rows }), ...after(page.partitions.at(-1)) };
    return { parts, next };
  }

  /** Rows whose streams are in the log were compared with the streams. What is left are rows without a stream. */
  async #surplusRows(model: ActiveModel, partitions: readonly string[]): Promise<readonly WalkedPart[]> {
    const checks = new Map<string, readonly Check[]>();
    await forEachConcurrently(partitions, concurrency, async (partition) => {
      const stream = model.streamOf(model.generation, partition);
      if (stream === undefined || (await this.#exists(stream))) return;
      checks.set(partition, checksOfRow(model, stream));
    });
    return partitions.map((partition) => ({ partition, checks: checks.get(partition) ?? [] }));
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
   * Compares streams: several at once, then long ones one by one, because each needs memory for its lines. `isOver` is told the number of
   * events that were read, and says whether to end. The result has those that were compared until then.
   */
  async #compare(
    checks: readonly Check[],
    isOver: (events: number) => boolean,
  ): Promise<ReadonlyMap<Check, VerifiedStream>> {
    const found = new Map<Check, VerifiedStream>();
    const long: Check[] = [];
    await forEachConcurrently(checks, concurrency, async (check) => {
      const result = await this.#verify(check, isOver, longStreamEvents);
      if (result === 'too long') long.push(check);
      else if (result !== 'no time') found.set(check, result);
    });
    for (const check of long) {
      const result = await this.#verify(check, isOver, maxStreamEvents);
      if (result !== 'no time') found.set(check, result === 'too long' ? notCompared : result);
    }
    return found;
  }

  async #verify(
    { target, stream, history = this.#dependencies.history }: Check,
    isOver: (events: number) => boolean,
    maxEvents: number,
  ): Promise<VerifiedStream | 'too long' | 'no time'> {
    const { parkingLot, effects } = this.#dependencies;
    let events = 0;
    const onEvents = (count: number) => {
      events += count;
      if (isOver(count)) throw new EndedError('no time');
      if (events > maxEvents) throw new EndedError('too long');
    };
    if (isOver(0)) return 'no time';
    try {
      return await verifyStream({ history, parkingLot, now: effects.now, onEvents }, target, stream);
    } catch (error) {
      if (error instanceof EndedError) return error.reason;
      throw error;
    }
  }
}

const notCompared: VerifiedStream = { outcome: 'unsettled', fields: [], lines: 0, version: 0, events: 0 };

function after(partition: string | undefined): Pick<Cursor, 'after'> {
  return partition === undefined ? {} : { after: partition };
}

/** After the log, the rows of the first read model are walked, then those of the next. */
function nextTable(names: readonly ReadModelName[], rows: ReadModelName | undefined): Cursor | undefined {
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

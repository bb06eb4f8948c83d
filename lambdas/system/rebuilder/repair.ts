import { contextNames } from '../../../schema/contexts.ts';
import type {
  ReadModelDifferences,
  ReadModelName,
  Refusal,
  RepairReport,
} from '../../../schema/projections.ts';
import {
  categoryOfStream,
  type Effects,
  type GenerationsStore,
  isUnfoldable,
  messageOf,
  type StreamName,
  streamPattern,
  writtenGenerations,
} from '../../kernel/index.ts';
import {
  type AnyTarget,
  examineStream,
  repairTarget,
  type VerifySources,
} from '../../kernel/verify/index.ts';
import type { LoadVerifiedModel } from '../verifier/verified-model.ts';

/** What a repair needs. */
export interface RepairDependencies extends Omit<VerifySources, 'now'> {
  readonly load: LoadVerifiedModel;
  readonly generations: Pick<GenerationsStore, 'read'>;
  readonly effects: Pick<Effects, 'now' | 'delay' | 'random'>;
  /** Longer than any projector that runs now goes on, in ms. */
  readonly settleMs: number;
}

/**
 * Folds a stream from nothing and replaces what is stored of it, in every generation that projectors write of every read model that
 * folds it. It is safe to repeat, and while projectors write. If anything differed it must be repeated after `settleMs`: a projector
 * that had loaded a damaged row may write wrong lines until then. It refuses, before it writes anything, a name that is no stream's, a
 * category without a read model, a stream that neither the log nor a read model has, and one that cannot be folded.
 */
export async function repairStream(
  { load, generations, history, parkingLot, effects, settleMs }: RepairDependencies,
  stream: string,
): Promise<RepairReport | Refusal> {
  const readModel = contextNames.find((name) => name === categoryOfStream(stream));
  if (!isStreamName(stream))
    return { refused: `"${stream}" is not the name of a stream, such as ledger/7f3c.` };
  const sources = { history, parkingLot, effects, now: effects.now };
  const targets = await targetsOf({ load, generations }, stream);
  if (readModel === undefined || targets.length === 0) {
    return { refused: `No read model has streams of the category "${categoryOfStream(stream)}".` };
  }
  try {
    const found = await Promise.all(
      targets.map(async (target) => ({ target, ...(await examineStream(sources, target, stream)) })),
    );
    const version = Math.max(...found.map((each) => each.version));
    if (version === 0 && !found.some(({ isStored }) => isStored)) {
      return { refused: `There is no stream ${stream}, neither in the log nor in a read model.` };
    }
    for (const { target } of found) await repairTarget(sources, target, stream);
    await release(sources, targets, stream, version);
    return {
      ...{ stream, readModel, version, events: Math.max(...found.map(({ events }) => events)) },
      generations: found.map(({ target, fields, lines }) => differencesIn(target, stream, { fields, lines })),
      settleMs,
    };
  } catch (error) {
    if (!isUnfoldable(error)) throw error;
    return { refused: `${stream} cannot be folded, so it stays as it is: ${messageOf(error)}` };
  }
}

function isStreamName(text: string): text is StreamName {
  return streamPattern.test(text);
}

/** The rows of a stream in every written generation. */
async function targetsOf(
  { load, generations }: Pick<RepairDependencies, 'load' | 'generations'>,
  stream: StreamName,
): Promise<readonly AnyTarget[]> {
  const targets = contextNames.map(async (name) => {
    const { targetIn } = await load(name);
    if (targetIn('', categoryOfStream(stream)) === undefined) return [];
    const written = writtenGenerations(await generations.read(name));
    return written.flatMap((generation) => targetIn(generation, categoryOfStream(stream)) ?? []);
  });
  return (await Promise.all(targets)).flat();
}

/** The rows are right now, so the stream is no longer parked. An entry of a later version stays. */
async function release(
  { parkingLot }: Pick<VerifySources, 'parkingLot'>,
  targets: readonly AnyTarget[],
  stream: StreamName,
  version: number,
): Promise<void> {
  const consumers = new Set(targets.map(({ projection }) => projection.name));
  for (const consumer of consumers) await parkingLot.release(consumer, stream, version);
}

function differencesIn(
  { readModel, generation }: AnyTarget,
  stream: StreamName,
  found: Pick<ReadModelDifferences, 'fields' | 'lines'>,
): ReadModelDifferences {
  return { readModel: readModel as ReadModelName, generation, stream, ...found };
}

import { todoConsumer } from '../../../lambdas/contexts/todo/read-model/projection.ts';
import { InvalidGenerationsError } from '../../../lambdas/kernel/index.ts';
import { rebuiltModel, SealedLogScan } from '../../../lambdas/kernel/rebuild/index.ts';
import { SegmentedHistory } from '../../../lambdas/kernel/segments/index.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import { verifiedModel } from '../../../lambdas/runtime/verified-models.ts';
import { Rebuilder } from '../../../lambdas/system/rebuilder/rebuilder.ts';
import type { RebuildableModel } from '../../../lambdas/system/rebuilder/rebuilder-ports.ts';
import { repairStream } from '../../../lambdas/system/rebuilder/repair.ts';
import { parseRequest } from '../../../lambdas/system/rebuilder/request.ts';
import type { ReadModelName } from '../../../schema/projections.ts';
import type { Instance } from '../world/instance.ts';
import { type Definitions, definitionsIn } from './definitions.ts';
import type { Handler } from './handler.ts';
import { observerOf } from './observer.ts';
import { readModelName } from './tables.ts';

/** An invocation ends if less time than this is left, in ms. */
const reserveMs = 60_000;
/** The settle time of the stack, in ms. */
export const settleMs = 92_000;

/** The function `rebuilder`. */
export function composeRebuilder(instance: Instance, platform: build.Platform): Handler {
  const observer = observerOf(instance);
  const { readModelOf } = definitionsIn(instance.version);
  const log = build.eventLog(platform, observer);
  const sealed = build.sealedStreams(platform, { log, observer });
  const history = new SegmentedHistory({ log, sealed });
  const parkingLot = build.parkingLot(platform);
  const generations = build.generationsStore(platform);
  const { effects } = platform;
  const rebuilder = new Rebuilder({
    load: async (name) => rebuildable(readModelOf, name, platform),
    generations,
    progress: build.buildProgress(platform),
    scan: new SealedLogScan(build.logScan(platform), sealed),
    history,
    parking: { parkingLot, observer },
    effects,
    settleMs,
  });
  const load = async (name: ReadModelName) => verifiedModel(readModelOf[name], platform);
  const repairing = { load, generations, history, parkingLot, effects, settleMs };
  return async (event, { remainingMs }) => {
    const request = parseRequest(event);
    if ('refused' in request) return request;
    if (request.action === 'forget') throw new TypeError('The simulation forgets nothing.');
    try {
      if (request.action === 'repair') return await repairStream(repairing, request.stream);
      return await rebuilder.answer(request, () => remainingMs() > reserveMs);
    } catch (error) {
      if (error instanceof InvalidGenerationsError) return { refused: error.message };
      throw error;
    }
  };
}

function rebuildable(
  readModelOf: Definitions['readModelOf'],
  name: ReadModelName,
  platform: build.Platform,
): RebuildableModel {
  const { listing, projections } = readModelOf[name];
  const rowsOf = (generation: string) =>
    build.generationOf({ projection: listing }, platform, readModelName(name), generation);
  const consumers = projections.map(({ projection }) => projection.name);
  return {
    model: rebuiltModel(
      listing,
      projections.map(({ projection }) => projection),
    ),
    consumers: name === 'todo' ? [todoConsumer, ...consumers] : consumers,
    rowsOf,
    writerOf: (generation) => rowsOf(generation).bulkWriter(),
    rowScan: build.rowScan(platform, readModelName(name)),
  };
}

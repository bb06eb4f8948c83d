import type { Context } from 'aws-lambda';
import { tableVariable } from '../../schema/names.ts';
import type { ForgetReport, ReadModelName, RepairReport } from '../../schema/projections.ts';
import { loadReadModel } from '../contexts/load-read-models.ts';
import { todoConsumer } from '../contexts/todo/read-model/projection.ts';
import { InvalidGenerationsError } from '../kernel/index.ts';
import { rebuiltModel, SealedLogScan } from '../kernel/rebuild/index.ts';
import { SegmentedHistory } from '../kernel/segments/index.ts';
import * as build from '../runtime/adapters.ts';
import { requireEnv, requirePositiveInteger } from '../runtime/environment.ts';
import { quietly } from '../runtime/function-observer.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { verifiedModel } from '../runtime/verified-models.ts';
import { forget } from '../system/rebuilder/forget.ts';
import { Rebuilder } from '../system/rebuilder/rebuilder.ts';
import type { RebuildableModel, RebuilderAnswer } from '../system/rebuilder/rebuilder-ports.ts';
import { repairStream } from '../system/rebuilder/repair.ts';
import { type CheckedRequest, parseRequest } from '../system/rebuilder/request.ts';

/** An invocation ends if less time than this is left, in ms. One page, and storing what it made, needs it. */
const reserveMs = 60_000;

const { env } = process;
const runtime = functionRuntime(env);
const { logger, observer, platform } = runtime;
const generations = build.generationsStore(platform);
const log = build.eventLog(platform, observer);
const sealed = build.sealedStreams(platform, { log, observer });
const history = new SegmentedHistory({ log, sealed });
const parkingLot = build.parkingLot(platform);
const settleMs = requirePositiveInteger(env, 'GENERATION_SETTLE_SECONDS') * 1_000;
const rebuilder = new Rebuilder({
  load,
  generations,
  progress: build.buildProgress(platform),
  scan: new SealedLogScan(build.logScan(platform), sealed),
  history,
  parking: { parkingLot, observer },
  effects: nodeEffects,
  settleMs,
});

async function load(name: ReadModelName): Promise<RebuildableModel> {
  const { listing, projections } = await loadReadModel(name);
  const tableName = requireEnv(env, tableVariable(name));
  const rowsOf = (generation: string) =>
    build.generationOf({ projection: listing }, platform, tableName, generation);
  const consumers = projections.map(({ projection }) => projection.name);
  return {
    model: rebuiltModel(
      listing,
      projections.map(({ projection }) => projection),
    ),
    // Records of the TODO queue that name no stream are parked under its own name.
    consumers: name === 'todo' ? [todoConsumer, ...consumers] : consumers,
    rowsOf,
    writerOf: (generation) => rowsOf(generation).bulkWriter(),
    rowScan: build.rowScan(platform, tableName),
  };
}

const repairing = {
  load: async (name: ReadModelName) => verifiedModel(await loadReadModel(name), platform),
  ...{ generations, history, parkingLot, effects: nodeEffects, settleMs },
};

type Answer = RebuilderAnswer | RepairReport | ForgetReport;

/** Carries out one step of a rebuild. `schema/projections.ts` has the requests and the answers. */
async function rebuild(event: unknown, context: Context): Promise<Answer> {
  const request = parseRequest(event);
  if ('refused' in request) return request;
  const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
  const answer = await refusable(() => answerTo(request, hasTime));
  if (request.action !== 'status' && request.action !== 'hold') {
    quietly(() => logger.info('Carried out a step of a rebuild', { request, answer }));
  }
  return answer;
}

async function answerTo(request: CheckedRequest, hasTime: () => boolean) {
  switch (request.action) {
    case 'repair':
      return repairStream(repairing, request.stream);
    case 'forget':
      return forget(build.derivedHistory(platform), hasTime, request.cursor);
    default:
      return rebuilder.answer(request, hasTime);
  }
}

/** A stored state that a person has to correct is answered as a sentence. */
async function refusable(answer: () => Promise<Answer>): Promise<Answer> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof InvalidGenerationsError) return { refused: error.message };
    throw error;
  }
}

export const handler = runtime.handler(rebuild);

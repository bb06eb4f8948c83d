import type { Context } from 'aws-lambda';
import type { Refusal, VerifierReport } from '../../schema/projections.ts';
import { loadReadModel } from '../contexts/load-read-models.ts';
import { InvalidGenerationsError } from '../kernel/index.ts';
import * as build from '../runtime/adapters.ts';
import { requirePositiveInteger } from '../runtime/environment.ts';
import { quietly } from '../runtime/function-observer.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { logPartitions, verifiedModel } from '../runtime/verified-models.ts';
import { parseRequest } from '../system/verifier/request.ts';
import { Verifier } from '../system/verifier/verifier.ts';

/** A run ends if less time than this is left, in ms. A page of events, and the report, needs it. */
const reserveMs = 30_000;

/** Events after which a sample ends: some 200 MB of the log. */
const sampleMaxEvents = 200_000;

const { env } = process;
const runtime = functionRuntime(env);
const { logger, telemetry, observer, platform } = runtime;
const log = build.eventLog(platform, observer);
const verifier = new Verifier({
  ...{ log, effects: nodeEffects, sampleMaxEvents },
  history: build.history(platform, observer),
  load: async (name) => verifiedModel(await loadReadModel(name), platform),
  generations: build.generationsStore(platform),
  parkingLot: build.parkingLot(platform),
  streams: logPartitions(platform),
  sample: requirePositiveInteger(env, 'VERIFY_SAMPLE'),
});

/** Compares rows with a fold of the log. A schedule asks for a sample. `schema/projections.ts` has the requests and the answers. */
async function verify(event: unknown, context: Context): Promise<VerifierReport | Refusal> {
  const request = parseRequest(event);
  if ('refused' in request) return request;
  try {
    const report = await verifier.answer(request, () => context.getRemainingTimeInMillis() > reserveMs);
    quietly(() => note(report));
    return report;
  } catch (error) {
    // A stored state that a person has to correct.
    if (error instanceof InvalidGenerationsError) return { refused: error.message };
    throw error;
  }
}

/** Names of streams and fields only: values may be personal. */
function note({ differences, ...counts }: VerifierReport): void {
  if (counts.differing > 0) telemetry.count('Differences', counts.differing);
  for (const difference of differences) logger.warn('A row differs from the log', { ...difference });
  logger.info('Compared rows with the log', { ...counts });
}

export const handler = runtime.handler(verify);

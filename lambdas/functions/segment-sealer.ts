import type { Context, SQSEvent } from 'aws-lambda';
import { loadProjections } from '../contexts/load-projections.ts';
import { Sealer, type SealRequest } from '../kernel/segments/index.ts';
import { sealBatch } from '../messaging/seal-batch.ts';
import { toSealRequest } from '../messaging/seal-message.ts';
import * as build from '../runtime/adapters.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { once } from '../runtime/once.ts';

/** Sealing begins no further segment if less time than this is left, in ms. */
const reserveMs = 15_000;

const { env } = process;
const runtime = functionRuntime(env);
const { logger, observer, platform } = runtime;
const log = build.eventLog(platform, observer);
const segments = build.segments(platform);

const loadSealer = once(
  async () => new Sealer({ log, segments, projections: await loadProjections(), observer }),
);

/** Seals the streams that the queue names, or the one that a person names: `{"stream": "ledger/7f3c"}`. */
async function seal(event: SQSEvent | SealRequest, context: Context) {
  const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
  const sealer = await loadSealer();
  if (!('Records' in event)) return sealer.seal(toSealRequest(event), hasTime);
  const { response, ...counts } = await sealBatch(event.Records, { sealer, hasTime, observer });
  logger.info('Sealed streams', { ...counts });
  return response;
}

export const handler = runtime.handler(seal);

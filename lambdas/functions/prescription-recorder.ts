import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { queueArnVariable } from '../../schema/names.ts';
import { recordAnalyses } from '../contexts/dispense/automations/analysis/record-analyses.ts';
import { dispenseContext } from '../contexts/dispense/context.ts';
import { commandHandler, commandSide, subjectKeys } from '../runtime/adapters.ts';
import { requireEnv } from '../runtime/environment.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';

const { env } = process;
const runtime = functionRuntime(env);
const { logger, observer, platform } = runtime;
const keys = subjectKeys(platform);
const side = commandSide(platform, observer, keys);
const dependencies = {
  log: side.log,
  observer: side.observer,
  handler: commandHandler(dispenseContext, side),
  keys,
  now: nodeEffects.now,
  unreadQueueArn: requireEnv(env, queueArnVariable('unread')),
};

/** Records what the analyzer found in uploaded prescriptions, and the uploads that it did not finish. */
async function record({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const { response, ...counts } = await recordAnalyses(Records, dependencies);
  const failed = response.batchItemFailures.length;
  logger.info('Recorded the outcomes of analyses', { ...counts, failed });
  return response;
}

export const handler = runtime.handler(record);

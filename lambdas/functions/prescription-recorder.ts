import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { queueArnVariable } from '../../schema/names.ts';
import { recordAnalyses } from '../contexts/dispense/automations/analysis/record-analyses.ts';
import { dispenseContext } from '../contexts/dispense/context.ts';
import { commandHandler, commandSide, subjectKeys } from '../runtime/adapters.ts';
import { dynamoDBClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { flushing, InvocationTelemetry } from '../runtime/invocation-telemetry.ts';
import { newLogger } from '../runtime/logger.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';

const { env } = process;
const logger = newLogger();
const telemetry = new InvocationTelemetry(env, nodeEffects);
const platform = { client: dynamoDBClient(), env, effects: nodeEffects };
const keys = subjectKeys(platform);
const side = commandSide(platform, powertoolsObserver(logger, loadTracer(env), telemetry), keys);
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

export const handler = middy(record)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(flushing(telemetry));

import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { recordFindings } from '../contexts/dispense/automations/analysis/record-findings.ts';
import { dispenseContext } from '../contexts/dispense/context.ts';
import { commandHandler, commandSide } from '../runtime/adapters.ts';
import { dynamoDBClient } from '../runtime/clients.ts';
import { flushing, InvocationTelemetry } from '../runtime/invocation-telemetry.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';

const { env } = process;
const logger = new Logger();
const telemetry = new InvocationTelemetry(env, nodeEffects);
const platform = { client: dynamoDBClient(), env, effects: nodeEffects };
const side = commandSide(platform, powertoolsObserver(logger, loadTracer(env), telemetry));
const dependencies = {
  log: side.log,
  observer: side.observer,
  handler: commandHandler(dispenseContext, side),
  now: nodeEffects.now,
};

/** Records what the analyzer found in uploaded prescriptions. */
async function record({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const { response, handled, correlationIds } = await recordFindings(Records, dependencies);
  const failed = response.batchItemFailures.length;
  logger.info('Recorded findings of prescriptions', { handled, failed, correlationIds });
  return response;
}

export const handler = middy(record)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(flushing(telemetry));

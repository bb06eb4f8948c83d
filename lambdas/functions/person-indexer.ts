import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { queueUrlVariable } from '../../schema/names.ts';
import { dispenseSubjectFacts } from '../contexts/dispense/subjects.ts';
import { SqsErasureQueue } from '../contexts/person/automations/erasing/sqs-erasure-queue.ts';
import { indexPersons } from '../contexts/person/automations/indexing/index-persons.ts';
import { personIndex } from '../contexts/person/index/configured-index.ts';
import * as build from '../runtime/adapters.ts';
import { dynamoDBClient, sqsClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { flushing, InvocationTelemetry } from '../runtime/invocation-telemetry.ts';
import { newLogger } from '../runtime/logger.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';

const { env } = process;
const logger = newLogger();
const telemetry = new InvocationTelemetry(env, nodeEffects);
const observer = powertoolsObserver(logger, loadTracer(env), telemetry);
const platform = { client: dynamoDBClient(), env, effects: nodeEffects };
const dependencies = {
  log: build.eventLog(platform, observer),
  categories: [dispenseSubjectFacts],
  keys: build.subjectKeys(platform),
  links: personIndex(platform, requireEnv(env, 'PERSON_INDEX_TABLE')),
  erasures: new SqsErasureQueue(sqsClient({ maxAttempts: 2 }), requireEnv(env, queueUrlVariable('erasures'))),
  observer,
};

/** Links the streams in the queue to the persons that they name. */
async function index({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const { response, ...counts } = await indexPersons(Records, dependencies);
  const failed = response.batchItemFailures.length;
  logger.info('Indexed persons', { ...counts, failed });
  return response;
}

export const handler = middy(index)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(flushing(telemetry));
